-- The page of a session or run elsewhere (http or https), and a run's own numbers: {name: number}.
alter table sessions add column url text;
alter table runs
  add column url text,
  add column counters jsonb;
-- the latest of the runs that have any
create index runs_with_counters on runs (org_id, started_at) where counters is not null;
