-- First and last moments within an hour are found by what happened in it.
drop index rollup_sessions_first_at;
drop index rollup_sessions_last_at;
