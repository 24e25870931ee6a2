-- Who may say who somebody is: an event from a token with scope `directory` has rank 1, any other 0, and the rank is part
-- of its identity. What was accepted before there were ranks has 1.
alter table events
  add column rank smallint not null default 1 check (rank in (0, 1));

-- What the token was allowed that a rejected event came with: sent again, it has no more. What was kept before has nothing
-- but the right to send.
alter table dead_letters
  add column scopes text[] not null default '{ingest}';

-- E-mails and ids as viewers are found by them: any case of a to z, without ASCII white space around it. Indexes hold
-- what these answer: they must never change.
create function folded_email(email text)
  returns text
  language sql immutable parallel safe
  return lower(btrim(email, e' \t\n\r\f\x0b') collate "C");

-- A user's e-mail, where the event that won it has rank 1: of its stamp, which has four members then, the lowest bit of
-- the fields is the e-mail's.
create function directory_email(email text, stamps jsonb)
  returns text
  language sql immutable parallel safe
  return case
    when exists (
      select
      from jsonb_path_query(stamps, 'strict $[*] ? (@.size() == 4)', '{}', true) as won (stamp)
      where (stamp ->> 3)::bigint % 2 = 1
    ) then lower(btrim(email, e' \t\n\r\f\x0b') collate "C")
  end;

create index users_directory_email on users (org_id, directory_email(email, stamps));
create index users_folded_id on users (org_id, folded_email(user_id));
create index persons_folded_id on persons (org_id, folded_email(user_id));
