-- The values of runs in a slot, in order, from which percentiles are found as exactly as from the runs (docs/engine.md):
-- `sorted` are all of them, `buckets` the ranges of values that have any, `counts` how many each of these has. `dimension` is ''
-- for all runs.
create table rollup_values (
  org_id text collate "C" not null,
  measure text collate "C" not null,
  dimension text collate "C" not null,
  minutes smallint not null,
  at timestamptz(3) not null,
  value text collate "C" not null,
  buckets smallint[] not null,
  counts integer[] not null,
  sorted integer[] not null,
  constraint rollup_values_pkey primary key (org_id, measure, dimension, minutes, at, value)
);
alter table rollup_values enable row level security;
create policy organization on rollup_values to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on rollup_values to runboard_service;
