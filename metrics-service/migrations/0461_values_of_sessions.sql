-- What values sessions have of a column: an index tells the next one, whatever the number of sessions.
create index sessions_repo on sessions (org_id, repo) where not hidden;
create index sessions_workspace on sessions (org_id, workspace) where not hidden;
create index sessions_runtime on sessions (org_id, runtime) where not hidden;
