-- What records of telemetry and hooks tell of sessions and runs.
alter table sessions
  add column seen_at timestamptz(3),
  add column ended_at timestamptz(3),
  add column ended_status text collate "C",
  add column ended_failure_category text collate "C",
  add column settled_through timestamptz(3);

-- `idle`: nothing shows that the agent worked in it; `has_derived_end`: nobody said how it ended, so that was derived.
alter table runs
  add column end_is_derived boolean,
  add column errored_at timestamptz(3),
  add column errored_category text collate "C",
  add column errored_summary text,
  add column stopped_at timestamptz(3),
  add column stopped_status text collate "C",
  add column stopped_category text collate "C",
  add column stopped_summary text,
  add column idle boolean not null default false,
  add column has_derived_end boolean not null default false;

-- A message whose id was made from its key gives way to one with an id of its own.
alter table messages add column superseded boolean not null default false;

create table tool_calls (
  org_id text collate "C" not null,
  at timestamptz(3),
  tool_call_id text collate "C" not null,
  session_id text collate "C",
  run_id text collate "C",
  name text collate "C" not null,
  started_at timestamptz(3),
  completed_at timestamptz(3),
  status text collate "C",
  error_type text collate "C",
  rejected_by text collate "C",
  await_started_at timestamptz(3),
  await_ms bigint,
  input_bytes bigint,
  output_bytes bigint,
  key text collate "C",
  reported_run_id text collate "C",
  reported_session_id text collate "C",
  stamps jsonb not null,
  primary key (org_id, tool_call_id)
);
create index tool_calls_run on tool_calls (org_id, run_id) where run_id is not null;
create index tool_calls_session on tool_calls (org_id, session_id, at);
create index tool_calls_key on tool_calls (org_id, key) where key is not null;
alter table tool_calls enable row level security;
create policy organization on tool_calls to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on tool_calls to runboard_service;
call note_writes_of('tool_calls');

create table counts (
  org_id text collate "C" not null,
  counted_at timestamptz(3) not null,
  hidden boolean not null,
  session_id text collate "C" not null,
  count_id text collate "C" not null,
  name text collate "C" not null,
  value bigint not null,
  user_id text collate "C",
  stamps jsonb not null,
  primary key (org_id, count_id)
);
create index counts_counted_at on counts (org_id, counted_at);
create index counts_session on counts (org_id, session_id, counted_at);
alter table counts enable row level security;
create policy organization on counts to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on counts to runboard_service;
call note_writes_of('counts');

-- What came in lately as telemetry and hooks, by name and source, and what became of it: for people who look why nothing
-- shows. No number reads it.
create table telemetry_seen (
  org_id text collate "C" not null,
  signal text collate "C" not null,
  source text collate "C" not null,
  name text collate "C" not null,
  outcome text collate "C" not null,
  records bigint not null,
  last_at timestamptz(3) not null,
  note text,
  primary key (org_id, signal, source, name, outcome)
);
alter table telemetry_seen enable row level security;
create policy organization on telemetry_seen to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on telemetry_seen to runboard_service;
