-- What an event is about, as `run:r1`. The id stands in data under the camelCase name of the type's part before the
-- dot, with `Id`: work_item.closed names a workItemId. An index holds what this answers: it must never change.
create or replace function event_entity(type text, data jsonb)
  returns text
  language sql immutable parallel safe
  return split_part(type, '.', 1) || ':' || (
    data ->> case
      when split_part(type, '.', 1) = 'llm_call' then 'callId'
      when strpos(split_part(type, '.', 1), '_') = 0 then split_part(type, '.', 1) || 'Id'
      else left(type, 1) || substr(replace(initcap(split_part(type, '.', 1) collate "C"), '_', ''), 2) || 'Id'
    end
  );

-- Every table that holds rows of organizations, also those to come.
create or replace function analyze_tables()
  returns void
  language plpgsql security definer set search_path = public, pg_temp
  as $$
  declare
    tenant_table regclass;
  begin
    for tenant_table in
      select pg_class.oid
      from pg_class
      join pg_attribute
        on attrelid = pg_class.oid
        and attname = 'org_id'
        and not attisdropped
      where relnamespace = 'public'::regnamespace
        and relkind in ('r', 'p')
        and not relispartition
      order by relname
    loop
      execute format('analyze %s', tenant_table);
    end loop;
  end
  $$;
