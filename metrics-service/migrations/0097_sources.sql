-- The newest time of each source's events: the log has an index by source, and as many entries as events.
create table sources (
  org_id text collate "C" not null,
  source text collate "C" not null,
  newest_event_at timestamptz(3) not null,
  primary key (org_id, source)
);
create index sources_newest on sources (org_id, newest_event_at desc);
alter table sources enable row level security;
create policy organization on sources to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on sources to runboard_service;
insert into sources (org_id, source, newest_event_at)
select org_id, source, max(case when time > received_at + interval '25 hours' then received_at else time end)
from events
group by org_id, source;
call note_writes_of('sources');
