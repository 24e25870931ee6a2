import type { PriceTable } from '../pricing/types.js';
import { compareUtf8 } from '../text-order.js';
import { callCost } from './call-cost.js';
import type { Value } from './statements.js';

/** A call as a request is found by it, and priced. */
export interface RequestCall {
  readonly id: string;
  readonly values: Readonly<Record<string, Value>>;
  /** its run and its session, by which it is visible */
  readonly runId: string | null;
  readonly sessionId: string | null;
}

/** What a call is to the others that tell of the same request. */
export interface RequestShare {
  /** what the calls of one request have in common: the least of their ids; null where the call is alone */
  readonly request: string | null;
  /** whether it is the one that counts */
  readonly counts: boolean;
  /** the phase it was made in */
  readonly phase: string | null;
  readonly costNanos: string | null;
}

export const PREFIX = 'request:';

/** The id of the request that a call says it is. */
function requestIdOf({ id, values }: RequestCall): string | null {
  return (values.request_id as string | null) ?? (id.startsWith(PREFIX) ? id.slice(PREFIX.length) : null);
}

/** Calls are one request where they share one of these. */
export function tokensOf(call: RequestCall): string[] {
  const requestId = requestIdOf(call);
  return requestId === null ? [call.id] : [call.id, requestId];
}

/** The calls in groups that tell of one request each: of one id, or one's request id is the other's call id. Pure. */
export function requestsOf(calls: readonly RequestCall[]): RequestCall[][] {
  const groupOf = new Map<string, Set<RequestCall>>();
  for (const call of calls) {
    const tokens = tokensOf(call);
    const joined = new Set([call]);
    for (const token of tokens) for (const other of groupOf.get(token) ?? []) joined.add(other);
    for (const one of joined) for (const token of tokensOf(one)) groupOf.set(token, joined);
  }
  return [...new Set(groupOf.values())].map((group) => [...group]);
}

/**
 * Which of the calls of one request counts, and what it costs (telemetry.md, "One call, told twice"): of the visible
 * ones the one that no request names, of several the least id; it takes from the other visible ones what it does not
 * say itself, the least id first. Pure.
 */
export function sharesOf(
  group: readonly RequestCall[],
  isVisible: (call: RequestCall) => boolean,
  prices: PriceTable,
): Map<string, RequestShare> {
  const sorted = [...group].sort((one, other) => compareUtf8(one.id, other.id));
  const request = sorted.length > 1 ? sorted[0]!.id : null;
  const visible = sorted.filter(isVisible);
  const eligible = visible.length > 0 ? visible : sorted;
  const counting = eligible.find(({ id }) => !id.startsWith(PREFIX)) ?? eligible[0]!;
  const others = eligible.filter((call) => call !== counting);
  return new Map(
    sorted.map((call) => {
      const values = call === counting ? supplemented(call, others) : call.values;
      const given =
        call === counting ? others.find(({ values: { reported_cost_nanos: cost } }) => cost !== null) : undefined;
      const costNanos = callCost(values, prices) ?? (given?.values.reported_cost_nanos as string | undefined) ?? null;
      return [
        call.id,
        { request, counts: call === counting, phase: values.reported_phase as string | null, costNanos },
      ];
    }),
  );
}

const SUPPLEMENTED = ['tier', 'speed', 'region', 'web_searches', 'reported_phase'] as const;

function supplemented(call: RequestCall, others: readonly RequestCall[]): RequestCall['values'] {
  const taken = SUPPLEMENTED.map((member) => [
    member,
    [call, ...others].map(({ values }) => values[member] ?? null).find((value) => value !== null) ?? null,
  ]);
  return { ...call.values, ...(Object.fromEntries(taken) as Record<string, Value>) };
}
