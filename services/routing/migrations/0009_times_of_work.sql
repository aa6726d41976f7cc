ALTER TABLE "reservation" ADD COLUMN "accepted_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "reservation" ADD COLUMN "ended_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "reservation" ADD COLUMN "paused_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "reservation" ADD COLUMN "paused_ms" double precision;--> statement-breakpoint
ALTER TABLE "reservation" ADD COLUMN "eligible" integer;--> statement-breakpoint
ALTER TABLE "reservation" ADD COLUMN "unfit" integer;--> statement-breakpoint
CREATE INDEX "reservation_created" ON "reservation" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "work_item_enqueued" ON "work_item" USING btree ("enqueued_at","id");--> statement-breakpoint
CREATE INDEX "work_item_queue_enqueued" ON "work_item" USING btree ("queue_id","enqueued_at");