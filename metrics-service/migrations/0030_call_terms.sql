-- What a call says of itself that its price depends on. Without them, as all calls before, it was the standard.
alter table llm_calls
  add column tier text collate "C",
  add column speed text collate "C",
  add column region text collate "C",
  add column web_searches bigint;
