CREATE TABLE "calendar_feed" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"calendar_id" text NOT NULL,
	"url" text NOT NULL,
	"content" text,
	"etag" text,
	"last_modified" text,
	"tried_at" timestamp(3) with time zone,
	"last_success_at" timestamp(3) with time zone,
	"last_error" text,
	"failing_since" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "calendar_plan" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"plans" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calendar_version" (
	"id" text PRIMARY KEY NOT NULL,
	"calendar_id" text NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"from" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "calendar_use" ADD COLUMN "calendar_ids" jsonb;--> statement-breakpoint
ALTER TABLE "calendar_use" ADD COLUMN "last_version" integer;--> statement-breakpoint
CREATE INDEX "calendar_feed_by_calendar" ON "calendar_feed" USING btree ("calendar_id");--> statement-breakpoint
CREATE UNIQUE INDEX "calendar_version_by_calendar" ON "calendar_version" USING btree ("calendar_id","version");