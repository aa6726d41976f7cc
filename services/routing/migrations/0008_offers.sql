ALTER TABLE "case_work" ADD COLUMN "waiting_since" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "desk" ADD COLUMN "missed" integer;--> statement-breakpoint
ALTER TABLE "reservation" ADD COLUMN "offered_to" integer;--> statement-breakpoint
ALTER TABLE "reservation" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "reservation" ADD COLUMN "note" text;--> statement-breakpoint
ALTER TABLE "reservation" ADD COLUMN "unanswered_ms" integer;--> statement-breakpoint
ALTER TABLE "work_item" ADD COLUMN "further" jsonb;--> statement-breakpoint
CREATE INDEX "work_item_further" ON "work_item" USING gin ("further") WHERE "work_item"."further" is not null;