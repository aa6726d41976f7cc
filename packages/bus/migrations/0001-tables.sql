-- The embedded bus: topics, partitions and groups as Kafka has them, in one schema that nobody touches but through the
-- functions of 0002. Every statement may be run again.
create schema if not exists bus;

create table if not exists bus.topics (
  id integer generated always as identity primary key,
  name text not null unique,
  partitions integer not null check (partitions > 0)
);

-- One counter row a partition. Its lock, held until commit, makes offsets gapless and visible in commit order: whoever
-- sees offset n sees everything before it.
create table if not exists bus.partitions (
  topic_id integer not null references bus.topics,
  partition integer not null,
  next_offset bigint not null default 0,
  -- Everything before has been cleaned away.
  first_offset bigint not null default 0,
  primary key (topic_id, partition)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

create table if not exists bus.records (
  topic_id integer not null,
  partition integer not null,
  "offset" bigint not null,
  published_at timestamptz not null,
  -- Size of key, value and headers: a fetch is cut by bytes without reading them.
  bytes integer not null,
  key bytea,
  value bytea,
  -- A JSON object. Text, for PostgreSQL's own types refuse a NUL in it.
  headers text not null,
  primary key (topic_id, partition, "offset")
);

create table if not exists bus.groups (
  name text primary key
);

create table if not exists bus.members (
  group_name text not null references bus.groups on delete cascade,
  id text not null,
  topics text[] not null,
  lease_until timestamptz not null,
  primary key (group_name, id)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- How far a group is, and which of its members may read on.
create table if not exists bus.positions (
  group_name text not null references bus.groups on delete cascade,
  topic_id integer not null references bus.topics,
  partition integer not null,
  next_offset bigint not null,
  owner text,
  primary key (group_name, topic_id, partition)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Cleaning deletes at the rate of publishing: what it leaves is used again long before a fifth of the table is dead.
alter table bus.records set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);
