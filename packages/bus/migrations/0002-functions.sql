-- All there is to do with the bus. Each runs with the rights of the schema's owner; callers have none on the tables.

-- Creates what is missing; existing topics are left as they are.
create or replace function bus.ensure_topics(names text[], partition_count integer) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with created as (
    insert into bus.topics (name, partitions)
    select distinct name, partition_count from unnest(names) as given (name) order by name
    on conflict (name) do nothing
    returning id
  )
  insert into bus.partitions (topic_id, partition)
  select id, partition from created, generate_series(0, partition_count - 1) partition;
$$;

create or replace function bus.require_topics(topic_names text[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  missing text;
begin
  select string_agg(distinct given.name, ', ') into missing
  from unnest(topic_names) as given (name)
  where not exists (select from bus.topics t where t.name = given.name);
  if missing is not null then
    raise exception 'unknown topic: %', missing using errcode = 'undefined_object';
  end if;
end;
$$;

-- Appends records in the order given. A key's hash, not the key, chooses the partition: the caller computes it.
create or replace function bus.publish(
  topic_names text[], hashes bigint[], keys bytea[], contents bytea[], headers_json text[]
) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform bus.require_topics(topic_names);

  -- Locks in key order, so that two publishers never wait for each other in a circle. The next statement sees the
  -- counters as the previous holder left them.
  perform from bus.partitions p
  where (p.topic_id, p.partition) in (
    select t.id, (hash % t.partitions)::integer
    from unnest(topic_names, hashes) as r (name, hash) join bus.topics t on t.name = r.name
  )
  order by p.topic_id, p.partition
  for update;

  with incoming as (
    select t.id as topic_id, (r.hash % t.partitions)::integer as partition, r.*
    from unnest(topic_names, hashes, keys, contents, headers_json) with ordinality
      as r (name, hash, key, value, headers, place)
    join bus.topics t on t.name = r.name
  ), bumped as (
    update bus.partitions p set next_offset = p.next_offset + i.count
    from (select topic_id, partition, count(*) from incoming group by topic_id, partition) i
    where p.topic_id = i.topic_id and p.partition = i.partition
    returning p.topic_id, p.partition, p.next_offset - i.count as base
  )
  insert into bus.records (topic_id, partition, "offset", published_at, bytes, key, value, headers)
  select i.topic_id, i.partition,
    b.base + row_number() over (partition by i.topic_id, i.partition order by i.place) - 1,
    clock_timestamp(),
    coalesce(length(i.key), 0) + coalesce(length(i.value), 0) + length(i.headers),
    i.key, i.value, i.headers
  from incoming i join bumped b on b.topic_id = i.topic_id and b.partition = i.partition;

  perform pg_notify('switchboard_bus', 'topic:' || name) from (select distinct name from unnest(topic_names) as given (name)) t;
end;
$$;

-- Makes or keeps the caller a member, lets go what others should have, and takes what is free and its own.
-- To be called only while no batch is in hand. Returns the number of partitions it now owns.
create or replace function bus.join_group(
  the_group text, the_member text, topic_names text[], lease_ms integer
) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  changed boolean;
  owned integer;
begin
  perform bus.require_topics(topic_names);
  insert into bus.groups (name) values (the_group) on conflict do nothing;
  -- One change of a group at a time.
  perform from bus.groups where name = the_group for update;
  perform set_config('synchronous_commit', 'off', true);

  insert into bus.members as m (group_name, id, topics, lease_until)
  values (the_group, the_member, topic_names, clock_timestamp() + lease_ms * interval '1 ms')
  on conflict (group_name, id) do update set topics = excluded.topics, lease_until = excluded.lease_until
  returning (xmax = 0) into changed;
  delete from bus.members where group_name = the_group and lease_until < clock_timestamp();
  changed := changed or found;
  insert into bus.positions (group_name, topic_id, partition, next_offset)
  select the_group, p.topic_id, p.partition, p.first_offset
  from bus.partitions p join bus.topics t on t.id = p.topic_id
  where t.name = any (topic_names)
  on conflict do nothing;

  with wanted as (
    select w.topic_id, w.partition, w.members[1 + (w.place - 1) % cardinality(w.members)] as member
    from (
      select p.topic_id, p.partition, row_number() over (order by t.name, p.partition) as place,
        array(
          select m.id from bus.members m
          where m.group_name = the_group and t.name = any (m.topics) order by m.id
        ) as members
      from bus.positions p join bus.topics t on t.id = p.topic_id
      where p.group_name = the_group
    ) w
    where cardinality(w.members) > 0
  ), moved as (
    update bus.positions p
    set owner = case when w.member = the_member then the_member end
    from wanted w
    where p.group_name = the_group and p.topic_id = w.topic_id and p.partition = w.partition
      and (
        -- Own, but another's now.
        (p.owner = the_member and w.member <> the_member)
        -- Nobody's, or of a member that is gone.
        or (w.member = the_member and p.owner is distinct from the_member and not exists (
          select from bus.members m where m.group_name = the_group and m.id = p.owner
        ))
      )
    returning p.owner
  )
  select changed or count(*) filter (where owner is null) > 0 into changed from moved;

  if changed then
    perform pg_notify('switchboard_bus', 'group:' || the_group);
  end if;
  select count(*) into owned from bus.positions where group_name = the_group and owner = the_member;
  return owned;
end;
$$;

-- Keeps the membership while a batch is in hand. False: it is lost, and with it the partitions.
create or replace function bus.heartbeat(the_group text, the_member text, lease_ms integer) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
  -- A lost lease or position only means that something is done again.
  select set_config('synchronous_commit', 'off', true);
  with kept as (
    update bus.members set lease_until = clock_timestamp() + lease_ms * interval '1 ms'
    where group_name = the_group and id = the_member
    returning 1
  )
  select exists (select from kept);
$$;

create or replace function bus.leave_group(the_group text, the_member text) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  update bus.positions set owner = null where group_name = the_group and owner = the_member;
  delete from bus.members where group_name = the_group and id = the_member;
  select pg_notify('switchboard_bus', 'group:' || the_group);
$$;

-- What comes next in every partition the member owns, save those it names: at most max_records, or max_bytes and one
-- record, of each.
create or replace function bus.fetch(
  the_group text, the_member text, except_topics text[], except_partitions integer[], max_records integer,
  max_bytes integer
) returns table (
  topic text, partition integer, "offset" bigint, published_at timestamptz, key bytea, value bytea, headers text
)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select t.name, p.partition, r."offset", r.published_at, r.key, r.value, r.headers
  from bus.positions p
  join bus.topics t on t.id = p.topic_id
  cross join lateral (
    select s.*
    from (
      select n.*, sum(n.bytes) over (order by n."offset") - n.bytes as before
      from (
        select * from bus.records r
        where r.topic_id = p.topic_id and r.partition = p.partition and r."offset" >= p.next_offset
        order by r."offset" limit max_records
      ) n
    ) s
    where s.before < max_bytes
  ) r
  where p.group_name = the_group and p.owner = the_member
    and (t.name, p.partition) not in (select * from unnest(except_topics, except_partitions))
  order by t.name, p.partition, r."offset";
$$;

-- Moves the positions of partitions the member owns; returns how many those were. Fewer than given: some are another's.
create or replace function bus.commit_offsets(
  the_group text, the_member text, topic_names text[], partitions integer[], next_offsets bigint[]
) returns integer
language sql security definer set search_path = pg_catalog, pg_temp as $$
  -- A lost lease or position only means that something is done again.
  select set_config('synchronous_commit', 'off', true);
  with done as (
    update bus.positions p set next_offset = c.next_offset
    from unnest(topic_names, partitions, next_offsets) as c (topic, partition, next_offset)
    join bus.topics t on t.name = c.topic
    where p.group_name = the_group and p.topic_id = t.id and p.partition = c.partition and p.owner = the_member
    returning 1
  )
  select count(*)::integer from done;
$$;

-- Records published but not yet committed by the group.
create or replace function bus.lag(the_group text, topic_names text[]) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(sum(p.next_offset - greatest(coalesce(g.next_offset, 0), p.first_offset)), 0)::bigint
  from bus.partitions p
  join bus.topics t on t.id = p.topic_id
  left join bus.positions g
    on g.group_name = the_group and g.topic_id = p.topic_id and g.partition = p.partition
  where t.name = any (topic_names);
$$;

-- Removes what is older than the window and read by every group there is: some of each partition's oldest records, so
-- that one call is short. Offsets start behind them for new groups.
create or replace function bus.clean(window_ms bigint, max_records integer) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  one record;
  bound bigint;
  removed integer := 0;
begin
  if not pg_try_advisory_xact_lock(hashtext('switchboard_bus_clean')) then
    return 0;
  end if;
  for one in select * from bus.partitions order by topic_id, partition loop
    select max(r."offset") + 1 into bound from (
      select "offset", published_at from bus.records
      where topic_id = one.topic_id and partition = one.partition and "offset" >= one.first_offset
      order by "offset" limit max_records
    ) r
    where r.published_at < clock_timestamp() - window_ms * interval '1 ms';
    continue when bound is null;
    select least(bound, min(g.next_offset)) into bound from bus.positions g
    where g.topic_id = one.topic_id and g.partition = one.partition;
    continue when bound <= one.first_offset;
    delete from bus.records r
    where r.topic_id = one.topic_id and r.partition = one.partition and r."offset" < bound;
    update bus.partitions p set first_offset = bound
    where p.topic_id = one.topic_id and p.partition = one.partition;
    removed := removed + (bound - one.first_offset)::integer;
  end loop;
  return removed;
end;
$$;

-- An answer means that the schema is there and the caller may use it.
create or replace function bus.ping() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select true;
$$;

revoke all on schema bus from public;
revoke all on all tables in schema bus from public;
revoke all on all functions in schema bus from public;
