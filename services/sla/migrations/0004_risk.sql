CREATE TABLE "agent_seat" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"seen" integer NOT NULL,
	"team" text NOT NULL,
	"available" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "risk_model" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "staffing" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"hours" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "case_clocks" ADD COLUMN "traits" jsonb;--> statement-breakpoint
ALTER TABLE "clock" ADD COLUMN "risk" jsonb;--> statement-breakpoint
ALTER TABLE "clock" ADD COLUMN "risk_probability" double precision;--> statement-breakpoint
ALTER TABLE "clock" ADD COLUMN "risk_next" timestamp(3) with time zone;--> statement-breakpoint
CREATE INDEX "clock_by_risk" ON "clock" USING btree ("risk_probability" DESC NULLS LAST,"id") WHERE risk_probability is not null;--> statement-breakpoint
CREATE INDEX "clock_by_risk_next" ON "clock" USING btree ("risk_next") WHERE risk_next is not null;--> statement-breakpoint
CREATE INDEX "clock_by_risk_team" ON "clock" USING btree ((risk ->> 'team'),"target","started_at") WHERE risk_next is not null;--> statement-breakpoint
CREATE INDEX "clock_by_risk_team_met" ON "clock" USING btree ((risk ->> 'team'),"target","met_at") WHERE risk is not null and met_at is not null;