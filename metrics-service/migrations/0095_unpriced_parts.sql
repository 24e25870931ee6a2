-- For the names of models without a price: few of all parts.
create index run_models_unpriced on run_models (org_id, run_id) where unpriced_tokens > 0;
