-- Changes whenever users or settings do, on which depends who may see what: open streams look at it. Any other change is
-- found within seconds.
alter table ingest_state add column viewers_version bigint not null default 0;
