-- Sums over the parts of runs by model, instead of their tokens without a known cost alone.
delete from rollup_state;
drop table rollup_unpriced;
create table rollup_parts (
  org_id text collate "C" not null,
  minutes smallint not null,
  at timestamptz(3) not null,
  model text collate "C" not null,
  parts bigint,
  cost_nanos numeric,
  cache_savings_nanos numeric,
  unpriced_tokens numeric,
  input_tokens numeric,
  output_tokens numeric,
  cache_read_tokens numeric,
  cache_write_tokens numeric,
  constraint rollup_parts_pkey primary key (org_id, minutes, at, model)
);
alter table rollup_parts enable row level security;
create policy organization on rollup_parts to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on rollup_parts to runboard_service;

-- Whoever writes parts of runs marks the slots in which the runs start, whatever the parts have.
create or replace function mark_slots_of_parts()
  returns trigger
  language plpgsql set search_path = public, pg_temp
  as $$
  declare
    parts text := case tg_op
      when 'UPDATE' then 'select org_id, run_id from written union select org_id, run_id from replaced'
      else 'select distinct org_id, run_id from written'
    end;
  begin
    if tg_op = 'TRUNCATE' then
      delete from rollup_state;
    else
      execute 'insert into rollup_marks (org_id, at)
        select distinct r.org_id, slot_of(r.started_at)
        from (' || parts || ') p
        join runs r on r.org_id = p.org_id and r.run_id = p.run_id
        where r.started_at is not null';
    end if;
    return null;
  end
  $$;
