-- Repositories that were renamed: under which name they are shown and found.
create table repo_aliases (
  org_id text collate "C" not null,
  repo text collate "C" not null,
  name text collate "C" not null,
  primary key (org_id, repo)
);
alter table repo_aliases enable row level security;
create policy organization on repo_aliases to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on repo_aliases to runboard_service;
call note_writes_of('repo_aliases');
