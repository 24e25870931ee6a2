-- A run's cost is a lower bound where the cost of some of its parts is unknown, and each model's says how many tokens
-- have none. Until then such a run had no cost at all: repricing derives it.
alter table runs add column cost_is_partial boolean not null default false;
alter table run_models add column unpriced_tokens bigint;
update run_models set unpriced_tokens = case when cost_nanos is null then input_tokens + output_tokens else 0 end
  where input_tokens is not null;
update ingest_state set prices_hash = 'before partly known costs: ' || prices_hash where prices_hash is not null;
