-- Sums are kept by the type of the work item that a run is about, too: whoever writes it marks the slots of all its runs.
create function mark_slots_of_work_items()
  returns trigger
  language plpgsql set search_path = public, pg_temp
  as $$
  declare
    typed constant text := 'select org_id, work_item_id, type from ';
    changed text := case tg_op
      when 'UPDATE' then
        '(' || typed || 'written except ' || typed || 'replaced) union all (' || typed || 'replaced except ' || typed || 'written)'
      else typed || 'written where type is not null'
    end;
  begin
    if tg_op = 'TRUNCATE' then
      delete from rollup_state;
    else
      execute 'insert into rollup_marks (org_id, at)
        select distinct i.org_id, slot_of(r.started_at)
        from (' || changed || ') i
        cross join lateral (
          select started_at
          from runs
          where org_id = i.org_id
            and work_item_id = i.work_item_id
          union all
          select of_session.started_at
          from sessions s
          join runs of_session on of_session.org_id = i.org_id and of_session.session_id = s.session_id
          where s.org_id = i.org_id
            and s.work_item_id = i.work_item_id
          union all
          select of_branch.started_at
          from sessions s
          join runs of_branch on of_branch.org_id = i.org_id and of_branch.session_id = s.session_id
          where s.org_id = i.org_id
            and s.branch_work_item_id = i.work_item_id
          offset 0
        ) r
        where r.started_at is not null';
    end if;
    return null;
  end
  $$;

create trigger mark_insert after insert on work_items referencing new table as written
  for each statement execute function mark_slots_of_work_items();
create trigger mark_update after update on work_items referencing old table as replaced new table as written
  for each statement execute function mark_slots_of_work_items();
create trigger mark_delete after delete on work_items referencing old table as written
  for each statement execute function mark_slots_of_work_items();
create trigger mark_truncate after truncate on work_items
  for each statement execute function mark_slots_of_work_items();
