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

create trigger mark_insert after insert on tool_calls referencing new table as written
  for each statement execute function mark_slots_of_tool_calls();
create trigger mark_update after update on tool_calls referencing old table as replaced new table as written
  for each statement execute function mark_slots_of_tool_calls();
create trigger mark_delete after delete on tool_calls referencing old table as written
  for each statement execute function mark_slots_of_tool_calls();
create trigger mark_truncate after truncate on tool_calls
  for each statement execute function mark_slots_of_tool_calls();
