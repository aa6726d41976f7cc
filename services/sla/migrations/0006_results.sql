ALTER TABLE "clock" ADD COLUMN "result" jsonb;--> statement-breakpoint
CREATE INDEX "clock_by_settlement" ON "clock" USING btree (coalesce(breached_at, met_at, canceled_at)) WHERE coalesce(breached_at, met_at, canceled_at) is not null;--> statement-breakpoint
CREATE INDEX "clock_lost" ON "clock" USING btree ("breached_at","id") WHERE status = 'breached' and met_at is null and canceled_at is null;--> statement-breakpoint
CREATE INDEX "clock_warned" ON "clock" USING btree ("due_at","id") WHERE status = 'running' and warned <> '[]';