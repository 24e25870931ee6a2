-- The phase that a call was made in: as it says, and as the calls of one request say together. A run's parts are
-- kept by it: '' where none was told, as of all calls before.
alter table llm_calls
  add column reported_phase text collate "C",
  add column phase text collate "C";
alter table run_models
  add column phase text collate "C" not null default '',
  drop constraint run_models_pkey,
  add primary key (org_id, run_id, model, phase);
