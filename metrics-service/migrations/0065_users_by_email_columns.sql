-- As of the log's entity: row-level security keeps these functions out of indexes, so finding the person who looks read all
-- users of the organization. Columns are compared within the index. users_email was of no use for the same reason.
alter table users
  add column directory_email text collate "C" generated always as (directory_email(email, stamps)) stored,
  add column folded_id text collate "C" generated always as (folded_email(user_id)) stored;
alter table persons
  add column folded_id text collate "C" generated always as (folded_email(user_id)) stored;
drop index users_email, users_directory_email, users_folded_id, persons_folded_id;
create index users_directory_email on users (org_id, directory_email) where directory_email is not null;
create index users_folded_id on users (org_id, folded_id);
create index persons_folded_id on persons (org_id, folded_id);
