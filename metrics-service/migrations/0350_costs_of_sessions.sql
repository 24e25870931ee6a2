-- What a session cost in its whole life, at most which it cost in any window: dear ones are found by it.
alter table rollup_sessions add column cost_nanos numeric;
create index rollup_sessions_cost on rollup_sessions (org_id, cost_nanos);

-- The first two arguments are the columns with the row's id and with its moment, more are what else is kept of it.
create or replace function mark_sessions()
  returns trigger
  language plpgsql set search_path = public, pg_temp
  as $$
  declare
    happened constant text := format('select org_id, session_id, %s from ', array_to_string(tg_argv, ', '));
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
drop trigger mark_sessions_update on runs;
create trigger mark_sessions_update after update on runs referencing old table as replaced new table as written
  for each statement execute function mark_sessions('run_id', 'started_at', 'cost_nanos');
