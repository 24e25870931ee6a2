-- Up Migration

-- Every tenant table leads its primary key with org_id. Ids and names compare as UTF-8 bytes (collate "C"),
-- so that merges, ties and orders do not depend on the database's locale.

create table organizations (
  org_id text collate "C" primary key check (org_id ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  name text not null,
  member_visibility text not null default 'team' check (member_visibility in ('organization', 'team', 'self')),
  post_handoff_ms bigint not null default 86400000 check (post_handoff_ms > 0),
  store_text boolean not null default false,
  timezone text not null default 'UTC',
  created_at timestamptz not null default now()
);

-- One row per organization: the lock that ingest takes, and what moves with every accepted event.
create table ingest_state (
  org_id text collate "C" primary key,
  data_version bigint not null default 0,
  newest_event_at timestamptz(3),
  prices_hash text
);

create table tokens (
  org_id text collate "C" not null,
  token_id text collate "C" not null,
  hash bytea not null unique,
  name text not null,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  primary key (org_id, token_id)
);

-- The log: every accepted event, once.
create table events (
  org_id text collate "C" not null,
  source text collate "C" not null,
  id text collate "C" not null,
  type text not null,
  time timestamptz(3) not null,
  data jsonb not null,
  attributes jsonb,
  received_at timestamptz not null default now(),
  primary key (org_id, source, id)
);

create table dead_letters (
  org_id text collate "C" not null,
  dead_letter_id bigint generated always as identity,
  received_at timestamptz not null default now(),
  source text,
  event_id text,
  code text not null,
  path text not null,
  message text not null,
  event jsonb,
  primary key (org_id, dead_letter_id)
);

-- Entities: the stated fields as the events merge them. `stamps` says which event (time, id, source) won each field.
create table users (
  org_id text collate "C" not null,
  user_id text collate "C" not null,
  email text,
  name text,
  role text,
  team text collate "C",
  stamps jsonb not null,
  primary key (org_id, user_id)
);

create table sessions (
  org_id text collate "C" not null,
  session_id text collate "C" not null,
  created_by_user_id text collate "C",
  created_at timestamptz(3),
  repo text collate "C",
  workspace text collate "C",
  runtime text collate "C",
  title text,
  branch text,
  parent_session_id text collate "C",
  work_item_id text collate "C",
  stamps jsonb not null,
  hidden boolean not null,
  primary key (org_id, session_id)
);

-- PostgreSQL walks a row from its start: here and below, what every question reads stands before texts and jsonb.
create table messages (
  org_id text collate "C" not null,
  sent_at timestamptz(3) not null,
  hidden boolean not null,
  session_id text collate "C" not null,
  message_id text collate "C" not null,
  role text not null,
  user_id text collate "C",
  text text,
  stamps jsonb not null,
  primary key (org_id, message_id)
);
create index messages_sent_at on messages (org_id, sent_at);
create index messages_session on messages (org_id, session_id, sent_at);

create table handoffs (
  org_id text collate "C" not null,
  occurred_at timestamptz(3) not null,
  hidden boolean not null,
  session_id text collate "C" not null,
  handoff_id text collate "C" not null,
  user_id text collate "C",
  method text not null,
  stamps jsonb not null,
  primary key (org_id, handoff_id)
);
create index handoffs_occurred_at on handoffs (org_id, occurred_at);
create index handoffs_session on handoffs (org_id, session_id, occurred_at);

create table runs (
  org_id text collate "C" not null,
  started_at timestamptz(3),
  completed_at timestamptz(3),
  -- derived from what is stated, the session, the calls and the prices
  hidden boolean not null,
  execution_ms bigint,
  queue_wait_ms bigint,
  input_tokens bigint,
  output_tokens bigint,
  cache_read_tokens bigint,
  cache_write_tokens bigint,
  -- stated
  files_changed bigint,
  lines_added bigint,
  lines_deleted bigint,
  tests_run bigint,
  tests_passed bigint,
  status text collate "C" not null default 'IN_FLIGHT',
  session_id text collate "C",
  task_type text collate "C",
  -- derived
  user_id text collate "C",
  model text collate "C",
  failure_category text collate "C",
  cost_nanos numeric(40, 0),
  phase_ms jsonb,
  -- stated, for the derived ones and for the lists
  run_id text collate "C" not null,
  reported_user_id text collate "C",
  queued_at timestamptz(3),
  reported_queue_wait_ms bigint,
  reported_model text collate "C",
  agent text collate "C",
  progressed_at timestamptz(3),
  progress_usage jsonb,
  phase text,
  context_tokens bigint,
  context_limit bigint,
  reported_failure_category text collate "C",
  error_summary text,
  completed_usage jsonb,
  reported_cost_nanos bigint,
  phases jsonb,
  stamps jsonb not null,
  deleted boolean not null,
  primary key (org_id, run_id)
);
create index runs_started_at on runs (org_id, started_at);
create index runs_session on runs (org_id, session_id, started_at, run_id);
-- a session was last active when a run of it ended, whenever that run started
create index runs_completed_at on runs (org_id, completed_at) where completed_at is not null;

create table llm_calls (
  org_id text collate "C" not null,
  call_id text collate "C" not null,
  session_id text collate "C" not null,
  reported_run_id text collate "C",
  at timestamptz(3) not null,
  model text collate "C" not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cache_read_tokens bigint not null,
  cache_write_tokens bigint not null,
  cache_write_1h_tokens bigint not null,
  reasoning_tokens bigint,
  reported_cost_nanos bigint,
  stamps jsonb not null,
  -- derived: the run it belongs to, and its cost
  run_id text collate "C",
  cost_nanos numeric(40, 0),
  primary key (org_id, call_id)
);
create index llm_calls_run on llm_calls (org_id, run_id);
create index llm_calls_session on llm_calls (org_id, session_id, at);
create index llm_calls_without_run on llm_calls (org_id, at) where run_id is null;

-- Derived: a run's parts summed by model; the rows of a run add up to its tokens and its cost.
-- Costs are numeric because 2^53 tokens of one call may cost more nano-US-dollars than a bigint holds.
-- model is '' where a cost was reported for a run without any model.
create table run_models (
  org_id text collate "C" not null,
  run_id text collate "C" not null,
  model text collate "C" not null,
  input_tokens bigint,
  output_tokens bigint,
  cache_read_tokens bigint,
  cache_write_tokens bigint,
  cost_nanos numeric(40, 0),
  primary key (org_id, run_id, model)
);

-- The organization's border: the service sets runboard.org_id in every transaction; no statement sees past it.
do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array[
    'organizations', 'ingest_state', 'tokens', 'events', 'dead_letters', 'users', 'sessions', 'messages',
    'handoffs', 'runs', 'llm_calls', 'run_models'
  ] loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format(
      'create policy organization on %I to runboard_service
         using (org_id = (select current_setting(''runboard.org_id'', true)))
         with check (org_id = (select current_setting(''runboard.org_id'', true)))',
      tenant_table
    );
    execute format('grant select, insert, update, delete on %I to runboard_service', tenant_table);
  end loop;
end
$$;

-- The two questions that must be answered before an organization is known. Both run as the owner.
create function find_token(token_hash bytea)
  returns table (org_id text, token_id text, hash bytea, name text, scopes text[], expires_at timestamptz, revoked_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp
  as $$ select org_id, token_id, hash, name, scopes, expires_at, revoked_at from tokens where hash = token_hash $$;

create function list_organizations()
  returns table (org_id text, name text, created_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp
  as $$ select org_id, name, created_at from organizations order by org_id $$;

-- Only their owner may analyze tables.
create function analyze_tables()
  returns void
  language plpgsql security definer set search_path = public, pg_temp
  as $$ begin analyze events, users, sessions, messages, handoffs, runs, llm_calls, run_models; end $$;

revoke all on function find_token(bytea), list_organizations(), analyze_tables() from public;
grant execute on function find_token(bytea), list_organizations(), analyze_tables() to runboard_service;
