-- Ids that were seen together, so that they may be one person's. No number reads them: what is true of it, the directory
-- says as aliases.
create table id_hints (
  org_id text collate "C" not null,
  id_hint_id text collate "C" not null,
  user_id text collate "C",
  other_id text collate "C",
  seen_at timestamptz(3),
  stamps jsonb not null,
  primary key (org_id, id_hint_id)
);
alter table id_hints enable row level security;
create policy organization on id_hints to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on id_hints to runboard_service;
call note_writes_of('id_hints');
