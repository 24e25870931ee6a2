-- What a run in flight spends: the usage that was told of it, each with its moment and its stamp, as far as the last minutes
-- need it; and made of that and of its calls, what it cost at each moment of them (nano-US-dollars).
alter table runs
  add column usage_told jsonb,
  add column spent_times timestamptz(3)[],
  add column spent_nanos bigint[];
-- Those of which the log has to be asked, because their rows do not tell it, or a version before wrote them since.
create index runs_spent_untold on runs (org_id, spent_at)
  where status = 'IN_FLIGHT' and not hidden and (spent_times is null or spent_times[cardinality(spent_times)] < spent_at);
