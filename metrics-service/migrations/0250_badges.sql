-- A badge shows what one work item cost to whoever has its token, which is kept as its SHA-256 hash.
create table badges (
  org_id text collate "C" not null,
  badge_id text collate "C" not null,
  hash bytea not null unique,
  work_item_id text collate "C" not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  primary key (org_id, badge_id)
);
alter table badges enable row level security;
create policy organization on badges to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on badges to runboard_service;

-- Like find_token(): asked before an organization is known, so it runs as the owner.
create function find_badge(badge_hash bytea)
  returns table (
    org_id text, badge_id text, hash bytea, work_item_id text, expires_at timestamptz, revoked_at timestamptz
  )
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select org_id, badge_id, hash, work_item_id, expires_at, revoked_at
    from badges
    where hash = badge_hash
  $$;
revoke all on function find_badge(bytea) from public;
grant execute on function find_badge(bytea) to runboard_service;
