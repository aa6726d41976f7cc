-- The queue that takes what no other queue takes; there from the start.
INSERT INTO "queue" ("id", "version", "definition", "updated_at")
VALUES ('default', 1, '{"order": 100, "match": "true", "strategy": "longest-idle", "reservationTimeout": "PT30S"}', clock_timestamp());
