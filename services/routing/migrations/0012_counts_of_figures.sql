CREATE TABLE "offer_decision" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"work_item_id" text NOT NULL,
	"agent_id" text NOT NULL,
	"decided_at" timestamp(3) with time zone NOT NULL,
	"record" jsonb NOT NULL,
	"queue_id" text,
	"arm" text,
	"waited_ms" integer,
	"kept_at" timestamp(3) with time zone DEFAULT clock_timestamp() NOT NULL
) PARTITION BY RANGE ("kept_at");
--> statement-breakpoint
ALTER TABLE "queue_figures" ADD COLUMN "minutes" jsonb;--> statement-breakpoint
CREATE INDEX "offer_decision_id" ON "offer_decision" USING btree ("id");--> statement-breakpoint
CREATE INDEX "offer_decision_work_item" ON "offer_decision" USING btree ("work_item_id","id");--> statement-breakpoint
CREATE INDEX "offer_decision_queue" ON "offer_decision" USING btree ("queue_id","decided_at");--> statement-breakpoint
SELECT keep_partitions('offer_decision', '1 day', '8 days');--> statement-breakpoint
-- What earlier versions wrote, and write beside this one while replicas are replaced, is read as well until it has left.
CREATE VIEW "known_decision" AS
  SELECT id, work_item_id, agent_id, decided_at, record, queue_id, arm, waited_ms FROM offer_decision
  UNION ALL
  SELECT id, work_item_id, agent_id, decided_at, record, queue_id, arm, waited_ms FROM decision;
