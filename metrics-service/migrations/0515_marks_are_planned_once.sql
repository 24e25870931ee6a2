-- The same marks by statements that a connection plans once: one that was put together anew each time cost several times
-- what it did, and most requests write few rows. Rows are looked up by index whatever the tables held when that was planned.
do $do$
declare
  marked record;
begin
  for marked in
    select *
    from (values
      ('handoffs', 'occurred_at', 'handoff_id, occurred_at'),
      ('messages', 'sent_at', 'message_id, sent_at'),
      ('runs', 'started_at', 'run_id, started_at, cost_nanos, input_tokens, output_tokens')
    ) marked (happened, at, told)
  loop
    execute format($function$
      create function mark_sessions_of_%1$s()
        returns trigger
        language plpgsql set search_path = public, pg_temp
        as $$
        begin
          if tg_op = 'TRUNCATE' then
            delete from rollup_state;
          elsif tg_op = 'UPDATE' then
            insert into rollup_session_marks (org_id, session_id)
            select org_id, session_id
            from (
              (
                select org_id, session_id, %3$s from written where session_id is not null and not hidden and %2$s is not null
                except
                select org_id, session_id, %3$s from replaced where session_id is not null and not hidden and %2$s is not null
              )
              union all
              (
                select org_id, session_id, %3$s from replaced where session_id is not null and not hidden and %2$s is not null
                except
                select org_id, session_id, %3$s from written where session_id is not null and not hidden and %2$s is not null
              )
            ) changed
            group by org_id, session_id;
          else
            insert into rollup_session_marks (org_id, session_id)
            select distinct org_id, session_id from written where session_id is not null and not hidden and %2$s is not null;
          end if;
          return null;
        end
        $$;
      drop trigger mark_sessions_insert on %1$s;
      drop trigger mark_sessions_update on %1$s;
      drop trigger mark_sessions_delete on %1$s;
      drop trigger if exists mark_sessions_truncate on %1$s;
      create trigger mark_sessions_insert after insert on %1$s referencing new table as written
        for each statement execute function mark_sessions_of_%1$s();
      create trigger mark_sessions_update after update on %1$s referencing old table as replaced new table as written
        for each statement execute function mark_sessions_of_%1$s();
      create trigger mark_sessions_delete after delete on %1$s referencing old table as written
        for each statement execute function mark_sessions_of_%1$s();
      create trigger mark_sessions_truncate after truncate on %1$s
        for each statement execute function mark_sessions_of_%1$s();
    $function$, marked.happened, marked.at, marked.told);
  end loop;
  -- a tool call is hidden with its run, or, where that is not known, with its session: who writes these marks the slots of their calls
  for marked in
    select *
    from (values
      -- a run that comes or goes hides its calls by itself, no longer by their session
      ('runs', 'run_id', ''),
      -- a call of a session that is not known is shown, as is one of a session that is not hidden
      ('sessions', 'session_id', 'where hidden')
    ) marked (hides, id, told)
  loop
    execute format($function$
      create function mark_calls_hidden_by_%1$s()
        returns trigger
        language plpgsql set search_path = public, pg_temp set enable_seqscan = off
        as $$
        begin
          if tg_op = 'UPDATE' then
            insert into rollup_marks (org_id, at)
            select distinct changed.org_id, slot_of(t.at)
            from (
              (select org_id, %2$s, hidden from written except select org_id, %2$s, hidden from replaced)
              union all
              (select org_id, %2$s, hidden from replaced except select org_id, %2$s, hidden from written)
            ) changed
            cross join lateral (
              select at
              from tool_calls
              where org_id = changed.org_id
                and %2$s = changed.%2$s
                and at is not null
              offset 0
            ) t;
          else
            insert into rollup_marks (org_id, at)
            select distinct changed.org_id, slot_of(t.at)
            from (select org_id, %2$s from written %3$s) changed
            cross join lateral (
              select at
              from tool_calls
              where org_id = changed.org_id
                and %2$s = changed.%2$s
                and at is not null
              offset 0
            ) t;
          end if;
          return null;
        end
        $$;
      create trigger mark_calls_insert after insert on %1$s referencing new table as written
        for each statement execute function mark_calls_hidden_by_%1$s();
      create trigger mark_calls_update after update on %1$s referencing old table as replaced new table as written
        for each statement execute function mark_calls_hidden_by_%1$s();
      create trigger mark_calls_delete after delete on %1$s referencing old table as written
        for each statement execute function mark_calls_hidden_by_%1$s();
    $function$, marked.hides, marked.id, marked.told);
  end loop;
end
$do$;

create or replace function mark_slots_of_parts()
  returns trigger
  language plpgsql set search_path = public, pg_temp set enable_seqscan = off
  as $$
  begin
    if tg_op = 'TRUNCATE' then
      delete from rollup_state;
    elsif tg_op = 'UPDATE' then
      insert into rollup_marks (org_id, at)
      select distinct p.org_id, slot_of(r.started_at)
      from (select org_id, run_id from written union select org_id, run_id from replaced) p
      cross join lateral (select started_at from runs where org_id = p.org_id and run_id = p.run_id offset 0) r
      where r.started_at is not null;
    else
      insert into rollup_marks (org_id, at)
      select distinct p.org_id, slot_of(r.started_at)
      from (select distinct org_id, run_id from written) p
      cross join lateral (select started_at from runs where org_id = p.org_id and run_id = p.run_id offset 0) r
      where r.started_at is not null;
    end if;
    return null;
  end
  $$;

-- When the runs started that are about a work item, however that is known.
create function starts_of_work_item(org text, item text)
  returns setof timestamptz
  language plpgsql stable set search_path = public, pg_temp set enable_seqscan = off
  as $$
  begin
    return query
    select started_at
    from runs
    where org_id = org
      and work_item_id = item
    union all
    select r.started_at
    from sessions s
    join runs r on r.org_id = org and r.session_id = s.session_id
    where s.org_id = org
      and s.work_item_id = item
    union all
    select r.started_at
    from sessions s
    join runs r on r.org_id = org and r.session_id = s.session_id
    where s.org_id = org
      and s.branch_work_item_id = item;
  end
  $$;

create or replace function mark_slots_of_work_items()
  returns trigger
  language plpgsql set search_path = public, pg_temp
  as $$
  begin
    if tg_op = 'TRUNCATE' then
      delete from rollup_state;
    elsif tg_op = 'UPDATE' then
      insert into rollup_marks (org_id, at)
      select distinct i.org_id, slot_of(started_at)
      from (
        (select org_id, work_item_id, type from written except select org_id, work_item_id, type from replaced)
        union all
        (select org_id, work_item_id, type from replaced except select org_id, work_item_id, type from written)
      ) i
      cross join lateral starts_of_work_item(i.org_id, i.work_item_id) started_at
      where started_at is not null;
    else
      insert into rollup_marks (org_id, at)
      select distinct i.org_id, slot_of(started_at)
      from written i
      cross join lateral starts_of_work_item(i.org_id, i.work_item_id) started_at
      where i.type is not null
        and started_at is not null;
    end if;
    return null;
  end
  $$;

drop function mark_sessions();
