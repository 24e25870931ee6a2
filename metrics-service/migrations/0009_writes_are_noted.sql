-- Whoever writes a table that questions read moves the organization's data version on, which kept answers go by:
-- the service, a backup that comes back, a hand at psql. It finds in `written` all rows that a statement wrote or
-- deleted, in `replaced` what they were before.
create function note_written()
  returns trigger
  language plpgsql set search_path = public, pg_temp
  as $$
  declare
    touched text[];
  begin
    if tg_op = 'TRUNCATE' then
      touched := array(select org_id from ingest_state);
    elsif tg_op = 'UPDATE' then
      touched := array(select org_id from written union select org_id from replaced);
    else
      touched := array(select distinct org_id from written);
    end if;
    -- once in a transaction: ingest has done it when it took its lock
    update ingest_state
    set data_version = data_version + 1
    where org_id = any(touched)
      and xmin <> pg_current_xact_id()::xid;
    return null;
  end
  $$;

-- For migrations: has what is written to a table noted.
create procedure note_writes_of(noted regclass)
  language plpgsql set search_path = public, pg_temp
  as $$
  begin
    execute format(
      'create trigger note_insert after insert on %1$s referencing new table as written
         for each statement execute function note_written();
       create trigger note_update after update on %1$s referencing old table as replaced new table as written
         for each statement execute function note_written();
       create trigger note_delete after delete on %1$s referencing old table as written
         for each statement execute function note_written();
       create trigger note_truncate after truncate on %1$s
         for each statement execute function note_written();',
      noted
    );
  end
  $$;
revoke all on procedure note_writes_of(regclass) from public;

call note_writes_of('users');
call note_writes_of('sessions');
call note_writes_of('messages');
call note_writes_of('handoffs');
call note_writes_of('runs');
call note_writes_of('run_models');
call note_writes_of('llm_calls');
