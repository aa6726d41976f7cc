CREATE TABLE "escalation_digest" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"ladder_id" text NOT NULL,
	"agent_id" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"escalation_ids" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "escalation_step" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"escalation_id" text NOT NULL,
	"step" integer NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"round" integer NOT NULL,
	"what" text NOT NULL,
	"level" integer NOT NULL,
	"reason" text,
	"agent_id" text,
	"note" text,
	"until" timestamp(3) with time zone,
	"recipients" jsonb NOT NULL,
	"skipped" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "escalation" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"clock_id" text NOT NULL,
	"case_id" text NOT NULL,
	"customer_id" text,
	"ladder_id" text NOT NULL,
	"policy_id" text NOT NULL,
	"target" text NOT NULL,
	"team" text,
	"status" text NOT NULL,
	"round" integer NOT NULL,
	"danger" text NOT NULL,
	"danger_value" double precision,
	"level" integer NOT NULL,
	"reminders" integer NOT NULL,
	"recipients" jsonb NOT NULL,
	"held_for" text,
	"pending" jsonb,
	"next_at" timestamp(3) with time zone,
	"started_at" timestamp(3) with time zone NOT NULL,
	"acknowledged_at" timestamp(3) with time zone,
	"acknowledged_by" text,
	"ended_at" timestamp(3) with time zone,
	"outcome" text
);
--> statement-breakpoint
CREATE TABLE "ladder" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "staff" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"told_at" timestamp(3) with time zone,
	"agent" jsonb,
	"absences" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "team" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"told_at" timestamp(3) with time zone,
	"team" jsonb
);
--> statement-breakpoint
CREATE INDEX "escalation_step_of" ON "escalation_step" USING btree ("escalation_id","step");--> statement-breakpoint
CREATE INDEX "escalation_by_case" ON "escalation" USING btree ("case_id","id");--> statement-breakpoint
CREATE INDEX "escalation_by_clock" ON "escalation" USING btree ("clock_id","id");--> statement-breakpoint
CREATE INDEX "escalation_by_status" ON "escalation" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "escalation_by_recipient" ON "escalation" USING gin ("recipients" jsonb_path_ops);--> statement-breakpoint
CREATE INDEX "escalation_by_digest" ON "escalation" USING btree ("ladder_id","next_at") WHERE held_for = 'digest';--> statement-breakpoint
CREATE INDEX "escalation_by_ladder" ON "escalation" USING btree ("ladder_id","id") WHERE status <> 'ended';