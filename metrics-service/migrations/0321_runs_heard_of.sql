-- Runs that a version before knows of, in flight: when they told something.
update runs
set
  told_at = least(greatest(queued_at, started_at, progressed_at, errored_at, stopped_at), now()),
  heard_at = least(greatest(queued_at, started_at, progressed_at, errored_at, stopped_at), now())
where status = 'IN_FLIGHT';
