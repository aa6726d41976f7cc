-- Subscriptions and what was delivered to them; the same in every service's schema. What is still to be delivered stands in
-- the hallway's table `effect`, kind `webhook`, queue `webhook:<id>`.

create table webhook (
  id text primary key,
  version int not null,
  active boolean not null,
  -- url, events, secrets and the rest; the secrets as they are, for signing needs them
  state jsonb not null
);

-- How far the published events were looked through for subscribers. Every change of a subscription draws a new revision: the
-- cursor moves only for those who were subscribed when the events were read.
create table webhook_cursor (
  only_row boolean primary key default true check (only_row),
  number bigint not null,
  revision bigint not null
);
insert into webhook_cursor (number, revision) values (0, 0);

-- Deliveries that are over: one row each, with its attempts.
create table webhook_delivery (
  ended_at timestamptz not null default clock_timestamp(),
  id uuid not null,
  webhook_id text not null,
  event_id uuid not null,
  event_type text not null,
  cause text not null,
  status text not null,
  attempts jsonb not null
) partition by range (ended_at);
create index webhook_delivery_newest on webhook_delivery (webhook_id, id);

select keep_partitions('webhook_delivery', '1 day', '8 days');
