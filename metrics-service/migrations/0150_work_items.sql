-- What a run was for, and in which part.
alter table runs
  add column role text collate "C",
  add column workflow text collate "C",
  add column stage text collate "C",
  add column work_item_id text collate "C";
create index runs_work_item on runs (org_id, work_item_id) where work_item_id is not null;

-- `branch_work_item_id`: the work item that the branch names by the organization's pattern, where nobody stated one.
alter table sessions
  add column stage text collate "C",
  add column linked_at timestamptz(3),
  add column branch_work_item_id text collate "C";
create index sessions_work_item on sessions (org_id, work_item_id) where work_item_id is not null;
create index sessions_branch_work_item on sessions (org_id, branch_work_item_id) where branch_work_item_id is not null;

-- `linked_by_pattern`: the pattern by which the rows were derived last; a job makes them those of the organization's.
alter table organizations add column work_item_pattern text;
alter table ingest_state add column linked_by_pattern text;

-- Of each kind of word the latest moment that one was about: what follows from them does not depend on their order. Of
-- two words on quality about one moment the worse counts.
create table work_items (
  org_id text collate "C" not null,
  closed_at timestamptz(3),
  reopened_at timestamptz(3),
  passed_at timestamptz(3),
  rework_requested_at timestamptz(3),
  failed_at timestamptz(3),
  created_at timestamptz(3),
  work_item_id text collate "C" not null,
  type text collate "C",
  title text,
  url text,
  project text collate "C",
  parent_id text collate "C",
  epic_id text collate "C",
  stamps jsonb not null,
  state text collate "C" generated always as (
    case when closed_at > reopened_at or (closed_at is not null and reopened_at is null) then 'closed' else 'open' end
  ) stored,
  quality text collate "C" generated always as (
    case greatest(passed_at, rework_requested_at, failed_at)
      when failed_at then 'failed'
      when rework_requested_at then 'rework_requested'
      when passed_at then 'passed'
    end
  ) stored,
  primary key (org_id, work_item_id)
);
create index work_items_closed_at on work_items (org_id, closed_at) where closed_at is not null;
create index work_items_parent on work_items (org_id, parent_id) where parent_id is not null;
alter table work_items enable row level security;
create policy organization on work_items to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on work_items to runboard_service;
call note_writes_of('work_items');

create table escalations (
  org_id text collate "C" not null,
  occurred_at timestamptz(3),
  resolved_at timestamptz(3),
  escalation_id text collate "C" not null,
  severity text collate "C",
  category text collate "C",
  agent text collate "C",
  session_id text collate "C",
  run_id text collate "C",
  work_item_id text collate "C",
  text text,
  stamps jsonb not null,
  primary key (org_id, escalation_id)
);
create index escalations_occurred_at on escalations (org_id, occurred_at);
create index escalations_run on escalations (org_id, run_id) where run_id is not null;
create index escalations_session on escalations (org_id, session_id) where session_id is not null;
create index escalations_work_item on escalations (org_id, work_item_id) where work_item_id is not null;
alter table escalations enable row level security;
create policy organization on escalations to runboard_service
  using (org_id = (select current_setting('runboard.org_id', true)))
  with check (org_id = (select current_setting('runboard.org_id', true)));
grant select, insert, update, delete on escalations to runboard_service;
call note_writes_of('escalations');
