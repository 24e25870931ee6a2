-- Autovacuum looks at every column, and comparing documents takes most of its time. The planner never asks what these hold.
alter table events alter column data set statistics 0, alter column attributes set statistics 0;
alter table llm_calls alter column stamps set statistics 0;
alter table messages alter column stamps set statistics 0;
alter table runs
  alter column stamps set statistics 0,
  alter column own set statistics 0,
  alter column phase_ms set statistics 0,
  alter column phases set statistics 0,
  alter column progress_usage set statistics 0,
  alter column completed_usage set statistics 0,
  alter column usage_told set statistics 0;
alter table sessions alter column stamps set statistics 0;
alter table tool_calls alter column stamps set statistics 0, alter column files set statistics 0;

-- The log is searched by keys alone, in order: a tenth of the rows that are looked at otherwise says enough.
alter table events
  alter column org_id set statistics 10,
  alter column source set statistics 10,
  alter column id set statistics 10,
  alter column type set statistics 10,
  alter column time set statistics 10,
  alter column received_at set statistics 10,
  alter column rank set statistics 10,
  alter column entity set statistics 10;
