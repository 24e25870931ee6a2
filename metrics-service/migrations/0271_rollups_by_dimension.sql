-- The same sums for each value of a dimension; '' is none. There are no slots of five minutes, but of a week (from a
-- Thursday, as the epoch is).
create table rollup_runs_by (
  like rollup_runs,
  dimension text collate "C" not null,
  value text collate "C" not null,
  constraint rollup_runs_by_pkey primary key (org_id, dimension, minutes, value, at)
);
create index rollup_runs_by_at on rollup_runs_by (org_id, dimension, minutes, at);
alter table rollup_runs_by enable row level security;
create policy organization on rollup_runs_by to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on rollup_runs_by to runboard_service;

-- Runs of a day, lately: whether sums by dimension are quicker to read than the runs.
alter table rollup_state add column daily_runs bigint not null default 0;
