-- Why a request failed: a run of which nobody says how it ended failed where its last one did.
alter table llm_calls
  add column failure_category text collate "C",
  add column error_summary text;
