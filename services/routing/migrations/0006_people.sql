CREATE TABLE "calendar" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"told_version" integer NOT NULL,
	"source" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "absence" ADD COLUMN "acting" jsonb;
--> statement-breakpoint
ALTER TABLE "agent" ADD COLUMN "status_reason" text;
--> statement-breakpoint
ALTER TABLE "agent" ADD COLUMN "heartbeat" text;
--> statement-breakpoint
ALTER TABLE "agent" ADD COLUMN "absences" jsonb;
--> statement-breakpoint
ALTER TABLE "reservation" ADD COLUMN "activity" text;
--> statement-breakpoint
ALTER TABLE "reservation" ADD COLUMN "work_kind" text;
--> statement-breakpoint
ALTER TABLE "reservation" ADD COLUMN "idle_ms" integer;
--> statement-breakpoint
ALTER TABLE "work_item" ADD COLUMN "preferred" jsonb;