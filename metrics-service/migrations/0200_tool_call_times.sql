-- Tool calls of a window, and those that waited, by their runs.
create index tool_calls_at on tool_calls (org_id, at);
create index tool_calls_waits on tool_calls (org_id, run_id)
  where run_id is not null and (await_ms is not null or await_started_at is not null);
