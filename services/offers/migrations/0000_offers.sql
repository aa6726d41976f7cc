CREATE TABLE "case_facts" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"case_version" integer NOT NULL,
	"customer_id" text,
	"open" boolean NOT NULL,
	"facts" jsonb NOT NULL,
	"contact" jsonb NOT NULL,
	"promises" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "customer" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"profile_version" integer NOT NULL,
	"contact_points" jsonb NOT NULL,
	"open_complaints" integer NOT NULL,
	"profile" jsonb NOT NULL,
	"case_ids" jsonb NOT NULL,
	"standings" jsonb NOT NULL,
	"merged_into" text,
	"merged_ids" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "decision" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"customer_id" text NOT NULL,
	"case_id" text,
	"occasion" text NOT NULL,
	"channel" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"offers" jsonb NOT NULL,
	"candidates" jsonb NOT NULL,
	"responses" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "offer" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "customer_contact_points" ON "customer" USING gin ("contact_points" jsonb_path_ops);--> statement-breakpoint
CREATE INDEX "decision_of_customer" ON "decision" USING btree ("customer_id","at","id");--> statement-breakpoint
CREATE INDEX "decision_of_case" ON "decision" USING btree ("case_id","at","id");--> statement-breakpoint
CREATE INDEX "decision_newest" ON "decision" USING btree ("at","id");