-- Sums by dimension were most of what is kept. Now lengths of slots are chosen that are worth their room (docs/engine.md), sums
-- have one index, whose first columns are those by which slots are read, and counts are integers; `other` is the value of a second
-- dimension. The table has a new name, so that no snapshot of before reads it.
delete from rollup_state;
drop table rollup_runs_by;
create table rollup_sums_by (
  org_id text collate "C" not null,
  at timestamptz(3) not null,
  minutes smallint not null,
  runs integer,
  terminal_runs integer,
  succeeded_runs integer,
  failed_runs integer,
  canceled_runs integer,
  timed_out_runs integer,
  in_flight_runs integer,
  unsuccessful_runs integer,
  runs_with_duration integer,
  runs_with_queue_wait integer,
  runs_with_cost integer,
  terminal_runs_with_cost integer,
  terminal_runs_with_part_of_cost integer,
  runs_with_tokens integer,
  terminal_runs_with_tokens integer,
  runs_of_work_items integer,
  runs_of_sessions integer,
  dimension text collate "C" not null,
  value text collate "C" not null,
  other text collate "C" not null,
  duration_ms numeric,
  execution_ms numeric,
  await_ms numeric,
  awaited_duration_ms numeric,
  queue_wait_ms numeric,
  shared_queue_wait_ms numeric,
  shared_duration_ms numeric,
  cost_nanos numeric,
  fully_known_cost_nanos numeric,
  input_tokens_with_cost numeric,
  output_tokens_with_cost numeric,
  unsuccessful_cost_nanos numeric,
  input_tokens numeric,
  output_tokens numeric,
  cache_read_tokens numeric,
  cache_write_tokens numeric,
  work_item_cost_nanos numeric,
  work_item_input_tokens numeric,
  work_item_output_tokens numeric,
  files_changed numeric,
  lines_added numeric,
  lines_deleted numeric,
  tests_run numeric,
  counted_tests_run numeric,
  counted_tests_passed numeric,
  execution_ms_of_sessions numeric,
  cache_savings_nanos numeric,
  constraint rollup_sums_by_pkey primary key (org_id, dimension, minutes, at, value, other)
);
alter table rollup_sums_by enable row level security;
create policy organization on rollup_sums_by to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on rollup_sums_by to runboard_service;

-- What lengths of slots are kept, and for how many runs of a day they were chosen; null: for any number.
alter table rollup_state
  add column levels jsonb not null default '{}',
  add column chosen_for bigint,
  drop column daily_values;

delete from rollup_runs;
delete from rollup_values;
delete from rollup_unpriced;
delete from rollup_session_slots;
