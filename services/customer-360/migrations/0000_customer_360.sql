CREATE TABLE "activity" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"activity_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"body" jsonb NOT NULL,
	"accepted_at" timestamp(3) with time zone NOT NULL,
	"differences" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "case_link" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"customer_id" text NOT NULL,
	"case_version" integer NOT NULL,
	"channel" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "customer" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"contact_points" jsonb NOT NULL,
	"name" text,
	"languages" jsonb NOT NULL,
	"tier" text,
	"products" jsonb NOT NULL,
	"preferences" jsonb NOT NULL,
	"consents" jsonb NOT NULL,
	"segments" jsonb NOT NULL,
	"open_cases" jsonb NOT NULL,
	"usage" jsonb NOT NULL,
	"purchases" jsonb NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	"merged_into" text,
	"merged_ids" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "identity" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"customer_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "timeline_entry" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"customer_id" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"channel" text,
	"summary" text NOT NULL,
	"case_id" text,
	"data" jsonb NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "activity_activity_id" ON "activity" USING btree ("activity_id");--> statement-breakpoint
CREATE INDEX "customer_newest" ON "customer" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "timeline_entry_story" ON "timeline_entry" USING btree ("customer_id","at","id");