CREATE TABLE "absence" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"agent_id" text NOT NULL,
	"name" text NOT NULL,
	"definition" jsonb NOT NULL,
	"starts_at" timestamp(3) with time zone NOT NULL,
	"ends_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "team" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "absence_agent" ON "absence" USING btree ("agent_id","name");