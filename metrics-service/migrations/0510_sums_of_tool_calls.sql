-- Sums over tool calls by tool. What they took is kept in order among rollup_values.
create table rollup_tool_calls (
  org_id text collate "C" not null,
  minutes smallint not null,
  at timestamptz(3) not null,
  tool text collate "C" not null,
  tool_calls bigint,
  ended_tool_calls bigint,
  failed_tool_calls bigint,
  rejected_tool_calls bigint,
  tool_ms numeric,
  tool_calls_with_duration bigint,
  constraint rollup_tool_calls_pkey primary key (org_id, minutes, at, tool)
);
alter table rollup_tool_calls enable row level security;
create policy organization on rollup_tool_calls to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on rollup_tool_calls to runboard_service;

-- Whoever writes tool calls marks the slots in which they are.
create function mark_slots_of_tool_calls()
  returns trigger
  language plpgsql set search_path = public, pg_temp
  as $$
  begin
    if tg_op = 'TRUNCATE' then
      delete from rollup_state;
    elsif tg_op = 'UPDATE' then
      insert into rollup_marks (org_id, at)
      select org_id, slot_of(at) from written where at is not null
      union
      select org_id, slot_of(at) from replaced where at is not null;
    else
      insert into rollup_marks (org_id, at)
      select distinct org_id, slot_of(at) from written where at is not null;
    end if;
    return null;
  end
  $$;

-- A tool call is hidden with its run, or, where that is not known, with its session: who writes these marks the slots of their calls.
create function mark_slots_of_hidden_calls()
  returns trigger
  language plpgsql set search_path = public, pg_temp
  as $$
  declare
    id constant text := tg_argv[0];
    told constant text := format('select org_id, %I, hidden from ', id);
    changed text := case
      when tg_op = 'UPDATE' then '(' || told || 'written except ' || told || 'replaced) union all (' || told || 'replaced except ' || told || 'written)'
      else told || 'written' || tg_argv[1]
    end;
  begin
    execute format('insert into rollup_marks (org_id, at)
      select distinct changed.org_id, slot_of(t.at)
      from (%s) changed
      cross join lateral (
        select at
        from tool_calls
        where org_id = changed.org_id
          and %I = changed.%I
          and at is not null
        offset 0
      ) t', changed, id, id);
    return null;
  end
  $$;

create trigger mark_insert after insert on tool_calls referencing new table as written
  for each statement execute function mark_slots_of_tool_calls();
create trigger mark_update after update on tool_calls referencing old table as replaced new table as written
  for each statement execute function mark_slots_of_tool_calls();
create trigger mark_delete after delete on tool_calls referencing old table as written
  for each statement execute function mark_slots_of_tool_calls();
create trigger mark_truncate after truncate on tool_calls
  for each statement execute function mark_slots_of_tool_calls();

-- a run that comes or goes hides its calls by itself, no longer by their session
create trigger mark_calls_insert after insert on runs referencing new table as written
  for each statement execute function mark_slots_of_hidden_calls('run_id', '');
create trigger mark_calls_update after update on runs referencing old table as replaced new table as written
  for each statement execute function mark_slots_of_hidden_calls('run_id', '');
create trigger mark_calls_delete after delete on runs referencing old table as written
  for each statement execute function mark_slots_of_hidden_calls('run_id', '');
create trigger mark_calls_insert after insert on sessions referencing new table as written
  for each statement execute function mark_slots_of_hidden_calls('session_id', ' where hidden');
create trigger mark_calls_update after update on sessions referencing old table as replaced new table as written
  for each statement execute function mark_slots_of_hidden_calls('session_id', ' where hidden');
create trigger mark_calls_delete after delete on sessions referencing old table as written
  for each statement execute function mark_slots_of_hidden_calls('session_id', ' where hidden');
