CREATE TABLE "customer" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"merged_into" text,
	"told_at" timestamp(3) with time zone NOT NULL,
	"snapshot" jsonb
);
--> statement-breakpoint
ALTER TABLE "calendar_use" ADD COLUMN "ladder_ids" jsonb;--> statement-breakpoint
ALTER TABLE "calendar_use" ADD COLUMN "feed_failures" jsonb;--> statement-breakpoint
CREATE INDEX "clock_lost_by_calendar" ON "clock" USING btree ("calendar_id","case_id") WHERE status = 'breached' and met_at is null and canceled_at is null;--> statement-breakpoint
CREATE INDEX "escalation_step_by_recipient" ON "escalation_step" USING gin ("recipients" jsonb_path_ops);