CREATE TABLE "agent" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"revision" integer NOT NULL,
	"status" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "case_work" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"case_version" integer NOT NULL,
	"case_facts" jsonb NOT NULL,
	"contact_facts" jsonb NOT NULL,
	"contact_point" text NOT NULL,
	"customer" jsonb,
	"work_item_id" text,
	"choice_due" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "desk" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"holds" jsonb NOT NULL,
	"idle_since" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "queue" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reservation" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"work_item_id" text NOT NULL,
	"case_id" text NOT NULL,
	"agent_id" text NOT NULL,
	"status" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "work_item" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"case_id" text NOT NULL,
	"queue_id" text NOT NULL,
	"status" text NOT NULL,
	"agent_id" text,
	"reservation_id" text,
	"channel" text NOT NULL,
	"priority" integer NOT NULL,
	"enqueued_at" timestamp(3) with time zone NOT NULL,
	"avoid" jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX "reservation_agent" ON "reservation" USING btree ("agent_id","status","id");--> statement-breakpoint
CREATE INDEX "work_item_case" ON "work_item" USING btree ("case_id","id");--> statement-breakpoint
CREATE INDEX "work_item_queue" ON "work_item" USING btree ("queue_id","status","id");--> statement-breakpoint
CREATE INDEX "work_item_status" ON "work_item" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "work_item_agent" ON "work_item" USING btree ("agent_id","id");