CREATE TABLE "callback" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"case_id" text NOT NULL,
	"status" text NOT NULL,
	"terms" jsonb NOT NULL,
	"arrived_at" timestamp(3) with time zone NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone,
	"next_at" timestamp(3) with time zone,
	"until" timestamp(3) with time zone,
	"attempts" jsonb NOT NULL,
	"work_item_id" text,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "plan" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"case_id" text NOT NULL,
	"template_id" text,
	"definition" jsonb NOT NULL,
	"status" text NOT NULL,
	"ending" text,
	"reason" text,
	"started_at" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone,
	"steps" jsonb NOT NULL,
	"kept" jsonb NOT NULL,
	"heard" jsonb NOT NULL,
	"teams" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "plan_template" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "case_work" ADD COLUMN "plan_ids" jsonb;--> statement-breakpoint
ALTER TABLE "case_work" ADD COLUMN "callback_ids" jsonb;--> statement-breakpoint
ALTER TABLE "work_item" ADD COLUMN "kind" text;--> statement-breakpoint
ALTER TABLE "work_item" ADD COLUMN "terms" jsonb;--> statement-breakpoint
ALTER TABLE "work_item" ADD COLUMN "plan_step" jsonb;--> statement-breakpoint
ALTER TABLE "work_item" ADD COLUMN "callback_id" text;--> statement-breakpoint
CREATE INDEX "callback_case" ON "callback" USING btree ("case_id","id");--> statement-breakpoint
CREATE INDEX "callback_status" ON "callback" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "plan_case" ON "plan" USING btree ("case_id","id");--> statement-breakpoint
CREATE INDEX "plan_status" ON "plan" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "plan_template_of" ON "plan" USING btree ("template_id","id");--> statement-breakpoint
CREATE INDEX "plan_teams" ON "plan" USING gin ("teams");