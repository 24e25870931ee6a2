-- The planner never asks what jsonb columns hold, and looking at them takes most of the time of `analyze`.
create or replace function analyze_tables() returns void
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
  declare
    searched record;
  begin
    for searched in
      select
        pg_class.oid::regclass as tenant_table,
        string_agg(quote_ident(attname), ', ' order by attnum) as columns
      from pg_class
      join pg_attribute
        on attrelid = pg_class.oid
        and attnum > 0
        and atttypid <> 'jsonb'::regtype
        and not attisdropped
      where relnamespace = 'public'::regnamespace
        and relkind in ('r', 'p')
        and not relispartition
      group by pg_class.oid, relname
      having bool_or(attname = 'org_id')
      order by relname
    loop
      execute format('analyze %s (%s)', searched.tenant_table, searched.columns);
    end loop;
  end
$$;
