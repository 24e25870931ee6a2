-- How long a session of telemetry is silent before its runs count as ended.
alter table organizations add column telemetry_settle_ms bigint not null default 7200000 check (telemetry_settle_ms > 0);

-- Sessions with a run in flight of which nobody will say that it ended, and when they were last heard of, by receipt: what
-- the job `settle` looks through. It follows from no event alone, and no number reads it.
create table open_sessions (
  org_id text collate "C" not null,
  session_id text collate "C" not null,
  heard_at timestamptz(3) not null,
  primary key (org_id, session_id)
);
create index open_sessions_heard_at on open_sessions (org_id, heard_at);
alter table open_sessions enable row level security;
create policy organization on open_sessions to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on open_sessions to runboard_service;

-- The organizations with a session that is silent for long enough (of `settle_ms` where given, else of their own setting), in
-- one question whatever their number. It runs as the owner, as list_organizations() does.
create function list_organizations_to_settle(settle_ms bigint)
  returns table (org_id text)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select o.org_id
    from organizations o
    where exists (
      select
      from open_sessions s
      where s.org_id = o.org_id
        and s.heard_at <= now() - coalesce(settle_ms, o.telemetry_settle_ms) * interval '1 millisecond'
    )
    order by o.org_id
  $$;
revoke all on function list_organizations_to_settle(bigint) from public;
grant execute on function list_organizations_to_settle(bigint) to runboard_service;
