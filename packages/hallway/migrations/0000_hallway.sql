-- The hallway's own tables, the same in every service's schema (search_path decides which).

-- Ids of messages already handled. Own ids are UUIDv7, so a day's ids are one range and leave with their partition;
-- ids of any other kind stay in the default partition.
create table inbox (message_id uuid primary key) partition by range (message_id);
create table inbox_other partition of inbox default;

-- Unpublished events. Hot and short: the relay reads it by seq and deletes what it published.
create table outbox (
  seq bigint generated always as identity primary key,
  topic text not null,
  key text not null,
  headers text not null,
  value text,
  -- only dead letters carry bytes that need not be text
  bytes bytea
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);

-- What was published, for the replay window and the live feed. The one leased relay numbers the rows.
create sequence feed_number;
create table outbox_history (
  number bigint not null default nextval('feed_number'),
  published_at timestamptz not null default clock_timestamp(),
  topic text not null,
  key text not null,
  headers text not null,
  value text,
  bytes bytea
) partition by range (published_at);
create index outbox_history_number on outbox_history (number);

create sequence timer_revision;
create table timer (
  kind text not null,
  id text not null,
  due timestamptz not null,
  data jsonb,
  trace jsonb not null,
  -- drawn anew whenever the timer is set, so that a claim takes exactly what it read
  revision bigint not null default nextval('timer_revision'),
  primary key (kind, id)
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);
create index timer_due on timer (due);

create table effect (
  kind text not null,
  id text not null,
  data jsonb,
  trace jsonb not null,
  attempt int not null default 0,
  due timestamptz not null default clock_timestamp(),
  primary key (kind, id)
);
create index effect_due on effect (due);

-- Messages whose aggregate is not there yet.
create table waiting (
  seq bigint generated always as identity primary key,
  kind text not null,
  ref_id text not null,
  message jsonb not null,
  record jsonb,
  expires_at timestamptz not null
);
create index waiting_ref on waiting (kind, ref_id, seq);
create index waiting_expiry on waiting (expires_at);

create table dead_letter (
  id uuid primary key,
  at timestamptz not null default clock_timestamp(),
  topic text,
  partition int,
  record_offset text,
  key text,
  value bytea,
  headers jsonb not null,
  reason text not null,
  error text not null,
  -- what a record had become when it failed, or the timer's command
  message jsonb,
  replayed_at timestamptz
);
create index dead_letter_at on dead_letter (at, id);

create table idempotency (
  scope text not null,
  key text not null,
  fingerprint text not null,
  status int not null,
  body jsonb,
  at timestamptz not null default clock_timestamp(),
  primary key (scope, key)
);
create index idempotency_at on idempotency (at);

create table lease (
  name text primary key,
  holder text not null,
  until timestamptz not null
);

-- Grows whenever a configuration resource changes; every batch compares it with what its snapshot was read at.
create table configuration_revision (revision bigint not null);
insert into configuration_revision values (1);

-- Days ahead are created before they are needed, days past the windows are dropped whole.
create function maintain_partitions(inbox_days int, history_days int) returns void language plpgsql as $$
declare
  day date;
  part record;
begin
  perform pg_advisory_xact_lock(hashtext(current_schema() || '.maintain_partitions'));
  for offset_days in -1..2 loop
    day := (clock_timestamp() at time zone 'UTC')::date + offset_days;
    if to_regclass(format('inbox_%s', to_char(day, 'YYYYMMDD'))) is null then
      execute format('create table inbox_%s partition of inbox for values from (%L) to (%L)',
        to_char(day, 'YYYYMMDD'), first_uuid(day), first_uuid(day + 1));
    end if;
    if to_regclass(format('outbox_history_%s', to_char(day, 'YYYYMMDD'))) is null then
      execute format('create table outbox_history_%s partition of outbox_history for values from (%L) to (%L)',
        to_char(day, 'YYYYMMDD'), day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
    end if;
  end loop;
  for part in
    select c.relname, to_date(right(c.relname, 8), 'YYYYMMDD') as day, p.relname as parent
      from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
     where p.oid in ('inbox'::regclass, 'outbox_history'::regclass) and c.relname ~ '_[0-9]{8}$'
  loop
    if part.day < (clock_timestamp() at time zone 'UTC')::date
        - (case part.parent when 'inbox' then inbox_days else history_days end) then
      execute format('drop table %I', part.relname);
    end if;
  end loop;
  delete from idempotency where at < clock_timestamp() - interval '48 hours';
end $$;

-- The smallest UUIDv7 of a day: 48 bits of milliseconds, then zeros.
create function first_uuid(day date) returns uuid language sql immutable as $$
  select (lpad(to_hex((extract(epoch from day::timestamp) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

select maintain_partitions(8, 3);
