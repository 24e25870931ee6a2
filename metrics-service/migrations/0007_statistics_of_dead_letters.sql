-- PostgreSQL's statistics quote values: what was erased from rejected events must leave them, too.
create or replace function analyze_tables()
  returns void
  language plpgsql security definer set search_path = public, pg_temp
  as $$ begin analyze events, users, sessions, messages, handoffs, runs, llm_calls, run_models, dead_letters; end $$;
