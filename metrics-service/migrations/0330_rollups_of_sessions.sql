-- When sessions were active, so that those of a window can be counted without reading what happened in it (docs/engine.md):
-- the first and last moment of each, how many first and last moments lie in a slot, and the gaps between moments.
create table rollup_sessions (
  org_id text collate "C" not null,
  session_id text collate "C" not null,
  first_at timestamptz(3) not null,
  last_at timestamptz(3) not null,
  constraint rollup_sessions_pkey primary key (org_id, session_id)
);
create index rollup_sessions_first_at on rollup_sessions (org_id, first_at);
create index rollup_sessions_last_at on rollup_sessions (org_id, last_at);

create table rollup_session_slots (
  org_id text collate "C" not null,
  minutes smallint not null,
  at timestamptz(3) not null,
  firsts bigint not null,
  lasts bigint not null,
  constraint rollup_session_slots_pkey primary key (org_id, minutes, at)
);

-- A gap of an hour or more: nothing happened between `since` and `at`. It is shorter than 2 ^ class seconds, and not
-- shorter than half of that.
create table rollup_session_gaps (
  org_id text collate "C" not null,
  class smallint not null,
  at timestamptz(3) not null,
  session_id text collate "C" not null,
  since timestamptz(3) not null,
  constraint rollup_session_gaps_pkey primary key (org_id, class, at, session_id)
);
create index rollup_session_gaps_session on rollup_session_gaps (org_id, session_id);

-- A session of which something was written since.
create table rollup_session_marks (
  org_id text collate "C" not null,
  session_id text collate "C" not null,
  mark_id bigint generated always as identity,
  constraint rollup_session_marks_pkey primary key (org_id, session_id, mark_id)
);

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array[
    'rollup_sessions', 'rollup_session_slots', 'rollup_session_gaps', 'rollup_session_marks'
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

-- Whoever writes what happened in sessions marks those in which it happened, before and after. The arguments are the
-- columns with the row's id and with its moment.
create function mark_sessions()
  returns trigger
  language plpgsql set search_path = public, pg_temp
  as $$
  declare
    happened constant text := format('select org_id, session_id, %I, %I from ', tg_argv[0], tg_argv[1]);
    seen constant text := format(' where session_id is not null and not hidden and %I is not null', tg_argv[1]);
  begin
    if tg_op = 'TRUNCATE' then
      delete from rollup_state;
    elsif tg_op = 'UPDATE' then
      execute 'insert into rollup_session_marks (org_id, session_id) select org_id, session_id from ('
        || '(' || happened || 'written' || seen || ' except ' || happened || 'replaced' || seen || ') union all '
        || '(' || happened || 'replaced' || seen || ' except ' || happened || 'written' || seen || ')'
        || ') changed group by org_id, session_id';
    else
      execute 'insert into rollup_session_marks (org_id, session_id) select distinct org_id, session_id from written' || seen;
    end if;
    return null;
  end
  $$;

create trigger mark_sessions_insert after insert on runs referencing new table as written
  for each statement execute function mark_sessions('run_id', 'started_at');
create trigger mark_sessions_update after update on runs referencing old table as replaced new table as written
  for each statement execute function mark_sessions('run_id', 'started_at');
create trigger mark_sessions_delete after delete on runs referencing old table as written
  for each statement execute function mark_sessions('run_id', 'started_at');
create trigger mark_sessions_insert after insert on messages referencing new table as written
  for each statement execute function mark_sessions('message_id', 'sent_at');
create trigger mark_sessions_update after update on messages referencing old table as replaced new table as written
  for each statement execute function mark_sessions('message_id', 'sent_at');
create trigger mark_sessions_delete after delete on messages referencing old table as written
  for each statement execute function mark_sessions('message_id', 'sent_at');
create trigger mark_sessions_truncate after truncate on messages
  for each statement execute function mark_sessions('message_id', 'sent_at');
create trigger mark_sessions_insert after insert on handoffs referencing new table as written
  for each statement execute function mark_sessions('handoff_id', 'occurred_at');
create trigger mark_sessions_update after update on handoffs referencing old table as replaced new table as written
  for each statement execute function mark_sessions('handoff_id', 'occurred_at');
create trigger mark_sessions_delete after delete on handoffs referencing old table as written
  for each statement execute function mark_sessions('handoff_id', 'occurred_at');
create trigger mark_sessions_truncate after truncate on handoffs
  for each statement execute function mark_sessions('handoff_id', 'occurred_at');

-- Of the runs of sessions alone.
alter table rollup_runs
  add column runs_of_sessions bigint,
  add column execution_ms_of_sessions numeric;
alter table rollup_runs_by
  add column runs_of_sessions bigint,
  add column execution_ms_of_sessions numeric;

create or replace function list_organizations_to_refresh(wanted text)
  returns table (org_id text, definition text)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select o.org_id, s.definition
    from organizations o
    left join rollup_state s on s.org_id = o.org_id
    where s.definition is distinct from wanted
      or exists (select from rollup_marks m where m.org_id = o.org_id)
      or exists (select from rollup_session_marks m where m.org_id = o.org_id)
    order by o.org_id
  $$;
