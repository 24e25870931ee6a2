-- When people wrote in sessions, so that the lifespans of a window are found without reading its messages (docs/engine.md): the
-- first and last message of each session; how many of these lie in a slot, and the sums of their times in ms; and the gaps of an
-- hour and more between messages.
alter table rollup_sessions
  add column first_message_at timestamptz(3),
  add column last_message_at timestamptz(3);
alter table rollup_session_slots
  add column message_firsts bigint not null default 0,
  add column message_lasts bigint not null default 0,
  add column message_first_ms numeric not null default 0,
  add column message_last_ms numeric not null default 0;

create table rollup_message_gaps (
  org_id text collate "C" not null,
  class smallint not null,
  at timestamptz(3) not null,
  session_id text collate "C" not null,
  since timestamptz(3) not null,
  constraint rollup_message_gaps_pkey primary key (org_id, class, at, session_id)
);
create index rollup_message_gaps_session on rollup_message_gaps (org_id, session_id);
alter table rollup_message_gaps enable row level security;
create policy organization on rollup_message_gaps to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on rollup_message_gaps to runboard_service;
