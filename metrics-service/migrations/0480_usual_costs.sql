-- What is usual in an organization of many runs: found in the background, so that no question as of now reads the runs of a month.
create table rollup_usual (
  org_id text collate "C" not null,
  at timestamp(3) with time zone not null,
  runs bigint not null,
  session_nanos double precision,
  rates jsonb not null,
  constraint rollup_usual_pkey primary key (org_id)
);
alter table rollup_usual enable row level security;
create policy organization on rollup_usual to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on rollup_usual to runboard_service;

-- Where few runs are it is as quick to find when somebody asks.
create or replace function list_organizations_to_refresh(wanted text)
  returns table (org_id text, definition text)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select o.org_id, s.definition
    from organizations o
    left join rollup_state s on s.org_id = o.org_id
    left join rollup_usual u on u.org_id = o.org_id
    where s.definition is distinct from wanted
      or exists (select from rollup_marks m where m.org_id = o.org_id)
      or exists (select from rollup_session_marks m where m.org_id = o.org_id)
      or u.org_id is null
      or u.runs >= 2000 and u.at <= now() - interval '10 minutes'
    order by o.org_id
  $$;
