-- Failed runs alone, by when they started: of which kind there are unusually many now is asked of these.
create index runs_failed on runs (org_id, started_at) where status = 'FAILED' and not hidden;
