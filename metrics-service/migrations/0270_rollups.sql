-- Sums over runs, from which questions about long windows are answered, as exactly as from the runs (docs/engine.md).
-- A row holds the measures of the runs that started in the `minutes` from `at` on. A slot without runs has no row.
create table rollup_runs (
  org_id text collate "C" not null,
  minutes smallint not null,
  at timestamptz(3) not null,
  runs bigint,
  terminal_runs bigint,
  succeeded_runs bigint,
  failed_runs bigint,
  canceled_runs bigint,
  timed_out_runs bigint,
  in_flight_runs bigint,
  unsuccessful_runs bigint,
  duration_ms numeric,
  runs_with_duration bigint,
  execution_ms numeric,
  await_ms numeric,
  awaited_duration_ms numeric,
  queue_wait_ms numeric,
  runs_with_queue_wait bigint,
  shared_queue_wait_ms numeric,
  shared_duration_ms numeric,
  cost_nanos numeric,
  fully_known_cost_nanos numeric,
  runs_with_cost bigint,
  input_tokens_with_cost numeric,
  output_tokens_with_cost numeric,
  terminal_runs_with_cost bigint,
  terminal_runs_with_part_of_cost bigint,
  unsuccessful_cost_nanos numeric,
  input_tokens numeric,
  output_tokens numeric,
  cache_read_tokens numeric,
  cache_write_tokens numeric,
  runs_with_tokens bigint,
  terminal_runs_with_tokens bigint,
  runs_of_work_items bigint,
  work_item_cost_nanos numeric,
  work_item_input_tokens numeric,
  work_item_output_tokens numeric,
  files_changed numeric,
  lines_added numeric,
  lines_deleted numeric,
  tests_run numeric,
  counted_tests_run numeric,
  counted_tests_passed numeric,
  constraint rollup_runs_pkey primary key (org_id, minutes, at)
);

-- A slot of five minutes whose sums are not those of its runs any more: until it is refreshed, its runs are read instead.
-- Marks are only added, and a refresh deletes those that it saw.
create table rollup_marks (
  org_id text collate "C" not null,
  at timestamptz(3) not null,
  mark_id bigint generated always as identity,
  constraint rollup_marks_pkey primary key (org_id, at, mark_id)
);

-- By which definition of the measures an organization's sums are kept. Without a row none are.
create table rollup_state (
  org_id text collate "C" not null,
  definition text not null,
  constraint rollup_state_pkey primary key (org_id)
);

alter table rollup_runs enable row level security;
create policy organization on rollup_runs to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on rollup_runs to runboard_service;
alter table rollup_marks enable row level security;
create policy organization on rollup_marks to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on rollup_marks to runboard_service;
alter table rollup_state enable row level security;
create policy organization on rollup_state to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on rollup_state to runboard_service;

create function slot_of(instant timestamptz)
  returns timestamptz
  language sql immutable parallel safe
  as $$ select date_bin('5 minutes', instant, '0001-01-01 00:00:00+00') $$;

-- Whoever writes runs marks the slots in which they start, before and after.
create function mark_slots_of_runs()
  returns trigger
  language plpgsql set search_path = public, pg_temp
  as $$
  begin
    if tg_op = 'TRUNCATE' then
      delete from rollup_state;
    elsif tg_op = 'UPDATE' then
      insert into rollup_marks (org_id, at)
      select org_id, slot_of(started_at) from written where started_at is not null
      union
      select org_id, slot_of(started_at) from replaced where started_at is not null;
    else
      insert into rollup_marks (org_id, at)
      select distinct org_id, slot_of(started_at) from written where started_at is not null;
    end if;
    return null;
  end
  $$;

-- Whoever writes what runs have from their session marks the slots of all its runs.
create function mark_slots_of_sessions()
  returns trigger
  language plpgsql set search_path = public, pg_temp
  as $$
  begin
    if tg_op = 'TRUNCATE' then
      delete from rollup_state;
    elsif tg_op = 'UPDATE' then
      insert into rollup_marks (org_id, at)
      select distinct changed.org_id, slot_of(r.started_at)
      from (
        (
          select org_id, session_id, repo, workspace, runtime, stage, work_item_id, branch_work_item_id from written
          except
          select org_id, session_id, repo, workspace, runtime, stage, work_item_id, branch_work_item_id from replaced
        )
        union all
        (
          select org_id, session_id, repo, workspace, runtime, stage, work_item_id, branch_work_item_id from replaced
          except
          select org_id, session_id, repo, workspace, runtime, stage, work_item_id, branch_work_item_id from written
        )
      ) changed
      cross join lateral (
        select started_at
        from runs
        where org_id = changed.org_id
          and session_id = changed.session_id
          and started_at is not null
        offset 0
      ) r;
    else
      insert into rollup_marks (org_id, at)
      select distinct changed.org_id, slot_of(r.started_at)
      from written changed
      cross join lateral (
        select started_at
        from runs
        where org_id = changed.org_id
          and session_id = changed.session_id
          and started_at is not null
        offset 0
      ) r
      where num_nonnulls(repo, workspace, runtime, stage, work_item_id, branch_work_item_id) > 0;
    end if;
    return null;
  end
  $$;

create trigger mark_insert after insert on runs referencing new table as written
  for each statement execute function mark_slots_of_runs();
create trigger mark_update after update on runs referencing old table as replaced new table as written
  for each statement execute function mark_slots_of_runs();
create trigger mark_delete after delete on runs referencing old table as written
  for each statement execute function mark_slots_of_runs();
create trigger mark_truncate after truncate on runs
  for each statement execute function mark_slots_of_runs();
create trigger mark_insert after insert on sessions referencing new table as written
  for each statement execute function mark_slots_of_sessions();
create trigger mark_update after update on sessions referencing old table as replaced new table as written
  for each statement execute function mark_slots_of_sessions();
create trigger mark_delete after delete on sessions referencing old table as written
  for each statement execute function mark_slots_of_sessions();
create trigger mark_truncate after truncate on sessions
  for each statement execute function mark_slots_of_sessions();

-- Whose sums are kept by another definition, or are behind, in one question whatever the number of organizations. It runs
-- as the owner, as list_organizations() does.
create function list_organizations_to_refresh(wanted text)
  returns table (org_id text, definition text)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select o.org_id, s.definition
    from organizations o
    left join rollup_state s on s.org_id = o.org_id
    where s.definition is distinct from wanted
      or exists (select from rollup_marks m where m.org_id = o.org_id)
    order by o.org_id
  $$;
revoke all on function list_organizations_to_refresh(text) from public;
grant execute on function list_organizations_to_refresh(text) to runboard_service;
