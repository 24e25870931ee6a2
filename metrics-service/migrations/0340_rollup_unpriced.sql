-- Tokens without a known cost, by model: what answers about cost name beside their numbers.
create table rollup_unpriced (
  org_id text collate "C" not null,
  minutes smallint not null,
  at timestamptz(3) not null,
  model text collate "C" not null,
  tokens numeric not null,
  constraint rollup_unpriced_pkey primary key (org_id, minutes, at, model)
);
alter table rollup_unpriced enable row level security;
create policy organization on rollup_unpriced to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on rollup_unpriced to runboard_service;

-- Whoever writes such parts of runs marks the slots in which the runs start.
create function mark_slots_of_parts()
  returns trigger
  language plpgsql set search_path = public, pg_temp
  as $$
  declare
    parts text := case tg_op
      when 'UPDATE' then 'select org_id, run_id, unpriced_tokens from written union select org_id, run_id, unpriced_tokens from replaced'
      else 'select org_id, run_id, unpriced_tokens from written'
    end;
  begin
    if tg_op = 'TRUNCATE' then
      delete from rollup_state;
    else
      execute 'insert into rollup_marks (org_id, at)
        select distinct r.org_id, slot_of(r.started_at)
        from (' || parts || ') p
        join runs r on r.org_id = p.org_id and r.run_id = p.run_id
        where p.unpriced_tokens > 0
          and r.started_at is not null';
    end if;
    return null;
  end
  $$;
create trigger mark_insert after insert on run_models referencing new table as written
  for each statement execute function mark_slots_of_parts();
create trigger mark_update after update on run_models referencing old table as replaced new table as written
  for each statement execute function mark_slots_of_parts();
create trigger mark_delete after delete on run_models referencing old table as written
  for each statement execute function mark_slots_of_parts();
create trigger mark_truncate after truncate on run_models
  for each statement execute function mark_slots_of_parts();
