-- What shows how a run is doing now. `told_at`: the latest moment that an event tells of, at most when it was received.
-- Of a run in flight, by its own events, its calls and its tool calls: when it was last heard of, when the last of its
-- tool calls began that has not ended, and whether one of these waits for a person.
alter table runs
  add column told_at timestamptz(3),
  add column activity text,
  add column step bigint,
  add column steps bigint,
  add column heard_at timestamptz(3),
  add column open_tool_call_at timestamptz(3),
  add column awaits_person boolean;
alter table llm_calls add column told_at timestamptz(3);
alter table tool_calls add column told_at timestamptz(3);

-- How long a run in flight is not heard of before it counts as stuck.
alter table organizations add column stuck_after_ms bigint not null default 600000 check (stuck_after_ms > 0);
