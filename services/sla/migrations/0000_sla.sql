CREATE TABLE "calendar_use" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"policy_ids" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calendar" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "case_clocks" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"case_version" integer NOT NULL,
	"status" text NOT NULL,
	"priority" integer NOT NULL,
	"customer_id" text,
	"terms" jsonb NOT NULL,
	"undecided" jsonb,
	"responded" boolean NOT NULL,
	"answered_version" integer NOT NULL,
	"unanswered" jsonb,
	"withdrawn" jsonb,
	"open_since" timestamp(3) with time zone,
	"open_occurred_at" timestamp(3) with time zone,
	"clocks" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "clock" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"case_id" text NOT NULL,
	"customer_id" text,
	"policy_id" text NOT NULL,
	"calendar_id" text NOT NULL,
	"target" text NOT NULL,
	"status" text NOT NULL,
	"target_ms" double precision NOT NULL,
	"started_at" timestamp(3) with time zone NOT NULL,
	"occurred_at" timestamp(3) with time zone,
	"segments" jsonb NOT NULL,
	"due_at" timestamp(3) with time zone,
	"scheduled_at" timestamp(3) with time zone NOT NULL,
	"warn_at" jsonb NOT NULL,
	"warned" jsonb NOT NULL,
	"met_at" timestamp(3) with time zone,
	"breached_at" timestamp(3) with time zone,
	"canceled_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "policy" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "clock_by_case" ON "clock" USING btree ("case_id","started_at","id");--> statement-breakpoint
CREATE INDEX "clock_by_status" ON "clock" USING btree ("status","started_at","id");--> statement-breakpoint
CREATE INDEX "clock_by_start" ON "clock" USING btree ("started_at","id");--> statement-breakpoint
CREATE INDEX "clock_by_calendar" ON "clock" USING btree ("calendar_id","case_id") WHERE status in ('running', 'paused');