-- What tool calls did to which files, and their texts where an organization stores these.
alter table tool_calls
  add column files jsonb,
  add column input text,
  add column output text;
alter table organizations add column store_paths boolean not null default false;
