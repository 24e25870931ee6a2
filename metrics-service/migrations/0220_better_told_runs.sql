-- A run that is known by a key alone, in a session of Codex whose rollouts tell of the same: it is kept, but hidden.
alter table runs add column superseded boolean not null default false;
