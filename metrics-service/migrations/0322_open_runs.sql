-- Runs in flight, by when they were last heard of: what is asked as of now reads these only.
create index runs_open on runs (org_id, heard_at) where status = 'IN_FLIGHT' and not hidden;
