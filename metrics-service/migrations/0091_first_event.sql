-- The time of an organization's first event, as newest_event_at of its newest: what lies before it cannot be compared with.
alter table ingest_state add column first_event_at timestamptz(3);
update ingest_state s set first_event_at = (
  select min(case when e.time > e.received_at + interval '25 hours' then e.received_at else e.time end)
  from events e
  where e.org_id = s.org_id
);
