CREATE TABLE "board" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"told_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "learning" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"learned" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "queue_figures" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"figures" jsonb NOT NULL,
	"alerts" jsonb NOT NULL,
	"told_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "wait" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"told" jsonb NOT NULL,
	"told_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "agent" ADD COLUMN "status_since" timestamp(3) with time zone;