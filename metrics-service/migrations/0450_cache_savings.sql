-- What a cache saved: what the tokens read from and written to it would have cost as fresh input, less what they cost. It may be
-- negative. Rows of before are filled in when costs are brought to the prices of this version.
alter table llm_calls add column cache_savings_nanos numeric(40, 0);
alter table run_models add column cache_savings_nanos numeric(40, 0);
alter table runs add column cache_savings_nanos numeric(40, 0);
alter table rollup_runs add column cache_savings_nanos numeric;
alter table rollup_runs_by add column cache_savings_nanos numeric;
