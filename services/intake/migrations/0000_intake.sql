CREATE TABLE "attachment_content" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"content_type" text NOT NULL,
	"name" text NOT NULL,
	"content" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "case_facts" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"customer_id" text,
	"agent_id" text,
	"assigned_at" timestamp(3) with time zone,
	"promises" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "case" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"tracking_code" text NOT NULL,
	"status" text NOT NULL,
	"channel" text NOT NULL,
	"subject" text NOT NULL,
	"reason" text NOT NULL,
	"product" text NOT NULL,
	"priority" integer NOT NULL,
	"language" text NOT NULL,
	"contact_point" text NOT NULL,
	"opened_at" timestamp(3) with time zone NOT NULL,
	"resolved_at" timestamp(3) with time zone,
	"attributes" jsonb NOT NULL,
	"related_case_id" text
);
--> statement-breakpoint
CREATE TABLE "contact_key" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"contact_id" text NOT NULL,
	"case_id" text NOT NULL,
	"tracking_code" text NOT NULL,
	"case_created" boolean NOT NULL,
	"fingerprint" text NOT NULL,
	"differences" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contact_point" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"cases" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contact" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"case_id" text NOT NULL,
	"channel" text NOT NULL,
	"to" text NOT NULL,
	"contact_point" text NOT NULL,
	"from_name" text NOT NULL,
	"subject" text NOT NULL,
	"text" text NOT NULL,
	"reason" text NOT NULL,
	"product" text NOT NULL,
	"language" text NOT NULL,
	"priority" integer,
	"external_id" text NOT NULL,
	"occurred_at" timestamp(3) with time zone,
	"accepted_at" timestamp(3) with time zone NOT NULL,
	"attributes" jsonb NOT NULL,
	"attachments" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "message" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"case_id" text NOT NULL,
	"contact_id" text,
	"direction" text NOT NULL,
	"author" jsonb NOT NULL,
	"text" text NOT NULL,
	"visibility" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"attachments" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "provider_note" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"channel" text NOT NULL,
	"kind" text NOT NULL,
	"external_id" text NOT NULL,
	"contact_point" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"data" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "thread_name" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"case_id" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "case_facts_customer" ON "case_facts" USING btree ("customer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "case_tracking_code" ON "case" USING btree ("tracking_code");--> statement-breakpoint
CREATE INDEX "case_contact_point" ON "case" USING btree ("contact_point","opened_at","id");--> statement-breakpoint
CREATE INDEX "case_status" ON "case" USING btree ("status","opened_at","id");--> statement-breakpoint
CREATE INDEX "case_opened" ON "case" USING btree ("opened_at","id");--> statement-breakpoint
CREATE INDEX "message_case" ON "message" USING btree ("case_id","at","id");--> statement-breakpoint
CREATE INDEX "provider_note_external" ON "provider_note" USING btree ("channel","external_id");