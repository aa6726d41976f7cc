CREATE TABLE "decision" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"work_item_id" text NOT NULL,
	"agent_id" text NOT NULL,
	"decided_at" timestamp(3) with time zone NOT NULL,
	"record" jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX "decision_work_item" ON "decision" USING btree ("work_item_id","id");