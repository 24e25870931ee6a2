-- Whose links of branches to work items were derived by another pattern than the organization has now, in one question
-- whatever the number of organizations. It runs as the owner, as list_organizations() does.
create function list_organizations_to_link()
  returns table (org_id text)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select o.org_id
    from organizations o
    join ingest_state i on i.org_id = o.org_id
    where o.work_item_pattern is distinct from i.linked_by_pattern
    order by o.org_id
  $$;
revoke all on function list_organizations_to_link() from public;
grant execute on function list_organizations_to_link() to runboard_service;
