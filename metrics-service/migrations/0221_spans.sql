-- Where a run's agent, a call or a tool call lies in its trace. `begun_at`, `seen_session_id`: what records tell of a run in
-- passing, where nobody states its start and its session.
alter table runs
  add column span_id text collate "C",
  add column parent_span_id text collate "C",
  add column begun_at timestamptz(3),
  add column seen_session_id text collate "C";

alter table tool_calls
  add column span_id text collate "C",
  add column parent_span_id text collate "C";

-- `span_phase`: the inner agent that it lies below.
alter table llm_calls
  add column parent_span_id text collate "C",
  add column span_phase text collate "C";
