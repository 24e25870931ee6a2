-- When an agent's first run ever was, for the agents that are new in a window.
create index runs_agent on runs (org_id, agent, started_at) where agent is not null and not hidden;
