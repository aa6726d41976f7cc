-- What exists from the start: the calendar that never closes, and the policy that is tried last and always holds.
INSERT INTO "calendar" ("id", "version", "definition", "updated_at") VALUES
	('always', 1, '{"timeZone": "UTC", "hours": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "00:00", "to": "24:00"}]}', clock.now());
--> statement-breakpoint
INSERT INTO "policy" ("id", "version", "definition", "updated_at") VALUES
	('default', 1, '{"order": 100, "match": "true", "calendarId": "always", "targets": {"firstResponse": "PT1H", "resolution": "P1D"}, "warnAt": [0.5, 0.75], "pauseIn": ["pending", "on-hold"]}', clock.now());
--> statement-breakpoint
INSERT INTO "calendar_use" ("id", "version", "policy_ids") VALUES ('always', 1, '["default"]');
