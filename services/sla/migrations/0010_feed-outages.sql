CREATE TABLE "feed_outage" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"since" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "calendar_use" DROP COLUMN "feed_failures";