/**
 * SQL: joins to the row `t` of `tool_calls` its times in ms, `took`: the `span` from start to end, from the start until the tool
 * `asked` a person, and how long it `waited` then: as reported, else until it started. Unknown ones are null.
 */
export const JOIN_TOOK = `cross join lateral (
    select
      (extract(epoch from t.completed_at - t.started_at) * 1000)::bigint as span,
      coalesce((extract(epoch from t.await_started_at - t.started_at) * 1000)::bigint, 0) as asked,
      coalesce(
        t.await_ms,
        case
          when t.started_at > t.await_started_at
            then (extract(epoch from t.started_at - t.await_started_at) * 1000)::bigint
        end
      ) as waited
  ) took`;

/** The span without what the tool waited in it; null if it is unknown, or if the tool ended before it started. */
export const TOOL_MS = `case
      when took.span >= 0
        then took.span - greatest(0, least(took.span, took.asked + coalesce(took.waited, 0)) - greatest(0, took.asked))
    end`;
