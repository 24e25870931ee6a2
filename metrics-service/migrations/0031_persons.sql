-- One person may be known under several ids: whose an id is, where that is not the id itself. Made of all aliases.
create table persons (
  org_id text collate "C" not null,
  user_id text collate "C" not null,
  person_id text collate "C" not null,
  primary key (org_id, user_id)
);
create index persons_person on persons (org_id, person_id);
alter table persons enable row level security;
create policy organization on persons to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on persons to runboard_service;

alter table users
  add column kind text collate "C",
  add column aliases jsonb;
-- whoever says aliases: few of all users
create index users_aliases on users (org_id) where aliases is not null;
call note_writes_of('persons');
