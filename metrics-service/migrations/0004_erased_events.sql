-- SHA-256 of source, NUL and id of events whose personal data was erased: sent again, they are copies of what is
-- known, whatever they say and whether or not the log still holds them. The log may hold them under another id.
create table erased_events (
  org_id text collate "C" not null,
  key_hash bytea not null,
  primary key (org_id, key_hash)
);

alter table erased_events enable row level security;
create policy organization on erased_events to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on erased_events to runboard_service;
