-- What an event is about, as `run:r1`: the part of the type before the dot, and the id that data names it by.
create function event_entity(type text, data jsonb)
  returns text
  language sql immutable parallel safe
  return split_part(type, '.', 1) || ':' || (
    data ->> case split_part(type, '.', 1) when 'llm_call' then 'callId' else split_part(type, '.', 1) || 'Id' end
  );

-- A retention removes an entity with all events about it.
create index events_entity on events (org_id, event_entity(type, data));
