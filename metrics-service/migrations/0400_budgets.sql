-- Limits on what runs may cost, as they were set last. What they were before is in the log, which keeps all that was said of
-- them: they have no moment by which a retention could find them old.
create table budgets (
  org_id text collate "C" not null,
  budget_id text collate "C" not null,
  deleted boolean not null,
  name text,
  limit_nanos bigint,
  period text collate "C",
  filters jsonb,
  thresholds jsonb,
  stamps jsonb not null,
  primary key (org_id, budget_id)
);
alter table budgets enable row level security;
create policy organization on budgets to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on budgets to runboard_service;
call note_writes_of('budgets');
