-- Who did what to an organization. The service adds and reads; nobody but the owner of the tables changes or deletes.
create table audit_log (
  org_id text collate "C" not null,
  audit_id bigint generated always as identity,
  at timestamptz(3) not null default now(),
  actor text not null,
  action text not null,
  details jsonb not null,
  primary key (org_id, audit_id)
);

alter table audit_log enable row level security;
create policy organization on audit_log to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert on audit_log to runboard_service;
