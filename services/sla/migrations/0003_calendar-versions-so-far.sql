-- What calendars say now is the first version that is kept of them.
INSERT INTO "calendar_version" ("id", "calendar_id", "version", "definition", "from")
	SELECT "id" || '@' || "version", "id", "version", "definition", "updated_at" FROM "calendar";
