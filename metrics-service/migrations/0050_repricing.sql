-- Whose costs are computed with another price table than that, in one question whatever the number of organizations.
-- It runs as the owner, as list_organizations() does.
create function list_organizations_to_reprice(price_table_hash text)
  returns table (org_id text)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select org_id
    from ingest_state
    where prices_hash <> price_table_hash
    order by org_id
  $$;
revoke all on function list_organizations_to_reprice(text) from public;
grant execute on function list_organizations_to_reprice(text) to runboard_service;
