-- How long a run waited for a person or a limit: as reported, and at most as long as the run took. From here on
-- execution_ms is what is left of the duration; no run before reported a wait, so for these it is the same.
alter table runs
  add column reported_await_ms bigint,
  add column await_ms bigint;
