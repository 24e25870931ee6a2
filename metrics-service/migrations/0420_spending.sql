-- What runs spend now: when anything of a run's cost was last told of; of those that have ended, the ones that spend after
-- that; and the events that told of a run's usage, latest last.
alter table runs add column spent_at timestamptz(3);
create index runs_spent_late on runs (org_id, spent_at)
  where status <> 'IN_FLIGHT' and (completed_at is null or spent_at > completed_at);
create index events_usage on events (org_id, entity, rank, time)
  where type = 'run.progressed' and jsonb_typeof(data -> 'usage') = 'array';
