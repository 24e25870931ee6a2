-- source and id lead: the version before looks for events by them.
create unique index events_identity on events (org_id, source, id, rank);
alter table events
  drop constraint events_pkey,
  add constraint events_pkey primary key using index events_identity;
