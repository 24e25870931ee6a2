-- What the runs of a day (UTC) cost by the quarter of an hour in which they start, as sparse arrays: `quarters` are those with any
-- run, from 0 to 95, `costs` their known costs in nano-US-dollars, null where none is known. By user or repository sums of hours are of
-- a run or two and not worth their room; these are read where costs by hours of any zone are asked (docs/engine.md).
create table rollup_quarters (
  org_id text collate "C" not null,
  dimension text collate "C" not null,
  minutes smallint not null,
  at timestamptz(3) not null,
  value text collate "C" not null,
  quarters smallint[] not null,
  costs numeric[] not null,
  constraint rollup_quarters_pkey primary key (org_id, dimension, minutes, at, value)
);
alter table rollup_quarters enable row level security;
create policy organization on rollup_quarters to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on rollup_quarters to runboard_service;
