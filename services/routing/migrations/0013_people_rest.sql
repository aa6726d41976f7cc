ALTER TABLE "case_work" ADD COLUMN "unheard_since" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "desk" ADD COLUMN "shares" jsonb;