-- How many values of each dimension have runs in a day, lately: whether sums by it are quicker to read than the runs.
alter table rollup_state add column daily_values jsonb not null default '{}';
