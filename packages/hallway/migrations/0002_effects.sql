-- Calls to the outside stand in queues: whoever does not answer keeps its own queue waiting and nobody else's. From here on
-- `due` is in the movable time, as timers are, and a lease in real time has a column of its own.
alter table effect add column queue text not null default '';
alter table effect add column leased_until timestamptz not null default '-infinity';
create index effect_queue_due on effect (queue, due);
create index effect_queue_id on effect (queue, id);

-- Queues whose last call failed. Held ones wait, and then one call goes first.
create table effect_hold (
  queue text primary key,
  failures int not null,
  failing_since timestamptz not null,
  held_until timestamptz
);
