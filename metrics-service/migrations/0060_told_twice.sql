-- One run, told twice: rows of runs with the same key are one run, that of the least id. `one_with` names it in the
-- others; it holds what all of them say, and in `own` what its own events say.
alter table runs
  add column key text collate "C",
  add column own jsonb,
  add column one_with text collate "C";
create index runs_key on runs (org_id, key) where key is not null;

-- What belongs to a run by its key is in that run's session; where another one was said, it is kept.
alter table messages
  alter column session_id drop not null,
  add column key text collate "C",
  add column reported_session_id text collate "C";
create index messages_key on messages (org_id, key) where key is not null;

-- One call, told twice: `request` names the calls that are one request, of which one counts.
alter table llm_calls
  alter column session_id drop not null,
  add column key text collate "C",
  add column request_id text collate "C",
  add column reported_session_id text collate "C",
  add column request text collate "C",
  add column counts boolean not null default true;
create index llm_calls_key on llm_calls (org_id, key) where key is not null;
create index llm_calls_request_id on llm_calls (org_id, request_id) where request_id is not null;
create index llm_calls_request on llm_calls (org_id, request) where request is not null;

-- What an event is about, as `run:r1`. The id stands in data under the camelCase name of the type's part before the
-- dot, with `Id`: work_item.closed names a workItemId. A run that no id is said of is that of its key. An index holds
-- what this answers: it must never change.
create or replace function event_entity(type text, data jsonb)
  returns text
  language sql immutable parallel safe
  return split_part(type, '.', 1) || ':' || coalesce(
    data ->> case
      when split_part(type, '.', 1) = 'llm_call' then 'callId'
      when strpos(split_part(type, '.', 1), '_') = 0 then split_part(type, '.', 1) || 'Id'
      else left(type, 1) || substr(replace(initcap(split_part(type, '.', 1) collate "C"), '_', ''), 2) || 'Id'
    end,
    case when split_part(type, '.', 1) = 'run' then 'key:' || (data ->> 'key') end
  );
