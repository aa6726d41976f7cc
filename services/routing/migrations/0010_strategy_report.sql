ALTER TABLE "decision" ADD COLUMN "queue_id" text;--> statement-breakpoint
ALTER TABLE "decision" ADD COLUMN "arm" text;--> statement-breakpoint
ALTER TABLE "decision" ADD COLUMN "waited_ms" integer;--> statement-breakpoint
CREATE INDEX "decision_queue" ON "decision" USING btree ("queue_id","decided_at");