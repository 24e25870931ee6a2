-- What those see who are no users: alert rules and service accounts, public boards and anonymous viewers.
alter table organizations
  add column alert_visibility text not null default 'totals'
    check (alert_visibility in ('organization', 'totals', 'nothing')),
  add column public_visibility text not null default 'nothing'
    check (public_visibility in ('totals', 'nothing'));

-- Whose e-mail a viewer has, and which sessions they may see.
create index users_email on users (org_id, lower(email));
create index sessions_creator on sessions (org_id, created_by_user_id, session_id);
