-- Calendars by which ladders there are already keep their quiet hours.
INSERT INTO "calendar_use" ("id", "version", "policy_ids", "ladder_ids")
	SELECT "definition" -> 'quietHours' ->> 'calendarId', 1, '[]'::jsonb, jsonb_agg("id" ORDER BY "id") FROM "ladder"
	WHERE "definition" -> 'quietHours' ->> 'calendarId' IS NOT NULL GROUP BY 1
	ON CONFLICT ("id") DO UPDATE SET "ladder_ids" = excluded."ladder_ids", "version" = "calendar_use"."version" + 1;
