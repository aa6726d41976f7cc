-- What is done leaves again: by whole partitions of any size, or a few rows at a time. Tables are altered in the order in
-- which batches lock them, for replicas of the version before are at work meanwhile.

alter table idempotency set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);
alter table effect set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
alter table waiting set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);

create index dead_letter_open on dead_letter (id) where replayed_at is null;
create index dead_letter_replayed on dead_letter (replayed_at) where replayed_at is not null;

-- Since when an event waits to be published. Rows that wait now are given this moment; none is rewritten.
alter table outbox add column at timestamptz not null default now();
alter table outbox alter column at set default clock_timestamp();

-- The smallest UUIDv7 of an instant: 48 bits of milliseconds, then zeros.
create function first_uuid_at(moment timestamptz) returns uuid language sql immutable as $$
  select (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- Where a partition ends: its bound is an instant, or the smallest UUIDv7 of one. The default partition has no end.
create function partition_end(part oid) returns timestamptz language sql stable as $$
  select case
    when bound ~ '^[0-9a-f]{8}-[0-9a-f]{4}-' then to_timestamp(('x' || left(replace(bound, '-', ''), 12))::bit(48)::bigint / 1000.0)
    else bound::timestamptz end
  from (
    select substring(pg_get_expr(relpartbound, oid) from $re$ TO \('([^']+)'\)$re$) as bound from pg_class where oid = part
  ) b
$$;

-- Makes partitions ahead of the moment and drops those that ended before the window. A new one is attached, not created in
-- place: attaching lets batches write on meanwhile. What has to wait longer for a lock is left to the next call, for
-- whoever comes behind it waits as well. Answers for how many seconds there are partitions.
create function keep_partitions(parent regclass, size interval, keep interval, moment timestamptz default clock_timestamp())
returns float8 language plpgsql set lock_timeout = '1s' as $$
declare
  step numeric := extract(epoch from size);
  low timestamptz;
  high timestamptz;
  part text;
begin
  perform pg_advisory_xact_lock(hashtext(current_schema() || '.keep_partitions'));
  select greatest(max(partition_end(inhrelid)), to_timestamp(floor(extract(epoch from moment - keep) / step) * step))
    into low from pg_inherits where inhparent = parent;
  while low < moment + 3 * size loop
    high := to_timestamp((floor(extract(epoch from low) / step) + 1) * step);
    part := format('%s_%s', parent, to_char(low at time zone 'UTC', 'YYYYMMDDHH24MISS'));
    -- Nothing in it ever changes: there is nothing to vacuum before it is dropped.
    execute format('create table %s (like %s including defaults) with (autovacuum_vacuum_insert_threshold = -1)', part, parent);
    if parent = 'inbox'::regclass then
      -- An id from a clock that goes ahead of ours is there already, in the default partition.
      lock table inbox_other in access exclusive mode;
      execute format('with early as (delete from inbox_other where message_id >= %L and message_id < %L returning message_id)
        insert into %s select message_id from early', first_uuid_at(low), first_uuid_at(high), part);
      execute format('alter table %s attach partition %s for values from (%L) to (%L)',
        parent, part, first_uuid_at(low), first_uuid_at(high));
    else
      execute format('alter table %s attach partition %s for values from (%L) to (%L)', parent, part, low, high);
    end if;
    low := high;
  end loop;
  for part in
    select inhrelid::regclass::text from pg_inherits
     where inhparent = parent and partition_end(inhrelid) <= moment - keep
  loop
    execute format('drop table %s', part);
  end loop;
  return extract(epoch from low - moment);
end $$;

-- Replicas of the version before call this once an hour. They must not drop what this version keeps.
create or replace function maintain_partitions(inbox_days int, history_days int) returns void language sql as $$
  select keep_partitions(parent, '1 day', '100 years') from unnest(array['inbox', 'outbox_history']::regclass[]) parent
$$;
