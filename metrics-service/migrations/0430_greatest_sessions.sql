-- Of a session's whole life, at most which it has in any window: runs and tokens, as the cost is kept already. Lists by these
-- begin with the greatest.
alter table rollup_sessions
  add column runs bigint not null default 0,
  add column tokens numeric not null default 0;
create index rollup_sessions_runs on rollup_sessions (org_id, runs);
create index rollup_sessions_tokens on rollup_sessions (org_id, tokens);

drop trigger mark_sessions_update on runs;
create trigger mark_sessions_update after update on runs referencing old table as replaced new table as written
  for each statement execute function mark_sessions('run_id', 'started_at', 'cost_nanos', 'input_tokens', 'output_tokens');
