-- What the error summaries of failed runs have in common: a hash of it, and the text.
alter table runs
  add column failure_fingerprint text collate "C",
  add column failure_fingerprint_text text;
-- for the text of a hash: few of all runs
create index runs_failure_fingerprint on runs (org_id, failure_fingerprint) where failure_fingerprint is not null;
