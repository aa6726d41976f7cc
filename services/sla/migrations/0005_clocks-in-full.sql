ALTER TABLE "case_clocks" ADD COLUMN "team" text;--> statement-breakpoint
ALTER TABLE "case_clocks" ADD COLUMN "tier" text;--> statement-breakpoint
ALTER TABLE "case_clocks" ADD COLUMN "labels" jsonb;--> statement-breakpoint
ALTER TABLE "case_clocks" ADD COLUMN "extras" jsonb;--> statement-breakpoint
ALTER TABLE "clock" ADD COLUMN "name" text;--> statement-breakpoint
ALTER TABLE "clock" ADD COLUMN "team" text;--> statement-breakpoint
ALTER TABLE "clock" ADD COLUMN "extras" jsonb;--> statement-breakpoint
CREATE INDEX "case_clocks_by_customer" ON "case_clocks" USING btree ("customer_id","id") WHERE customer_id is not null;--> statement-breakpoint
CREATE INDEX "case_clocks_by_team" ON "case_clocks" USING btree ("team","id") WHERE team is not null;--> statement-breakpoint
CREATE INDEX "clock_by_policy" ON "clock" USING btree ("policy_id","case_id");