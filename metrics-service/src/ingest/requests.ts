import type { PriceTable } from '../pricing/types.js';
import { compareUtf8 } from '../text-order.js';
import { callCost, type CallCost } from './call-cost.js';
import type { Value } from './statements.js';

/** What is needed of a call to group it by request, and to price it. */
export interface RequestCall {
  readonly id: string;
  readonly values: Readonly<Record<string, Value>>;
  /** its run and its session, which decide whether it is visible */
  readonly runId: string | null;
  readonly sessionId: string | null;
}

/** How a call relates to the others that report the same request. */
export interface RequestShare extends CallCost {
  /** the same for all calls of one request: the smallest of their ids; null for a single call */
  readonly request: string | null;
  /** whether it is the one that counts */
  readonly counts: boolean;
  /** the phase it was made in */
  readonly phase: string | null;
}

export const PREFIX = 'request:';

/** The request id that a call states. */
function requestIdOf({ id, values }: RequestCall): string | null {
  return (values.request_id as string | null) ?? (id.startsWith(PREFIX) ? id.slice(PREFIX.length) : null);
}

/** Calls are one request where they share one of these. */
export function tokensOf(call: RequestCall): string[] {
  const requestId = requestIdOf(call);
  return requestId === null ? [call.id] : [call.id, requestId];
}

/** Groups the calls by request: those with the same request id, or whose request id is another's call id. Pure. */
export function requestsOf(calls: readonly RequestCall[]): RequestCall[][] {
  const groupOf = new Map<string, RequestCall[]>();
  for (const call of calls) {
    const tokens = tokensOf(call);
    let group: RequestCall[] | undefined;
    for (const token of tokens) {
      const known = groupOf.get(token);
      if (group === undefined) group = known;
      else if (known !== undefined && known !== group) join(group, known, groupOf);
    }
    group ??= [];
    group.push(call);
    for (const token of tokens) groupOf.set(token, group);
  }
  return [...new Set(groupOf.values())];
}

/** Adds the calls of one group to another. */
function join(group: RequestCall[], other: RequestCall[], groupOf: Map<string, RequestCall[]>): void {
  for (const call of other) {
    group.push(call);
    for (const token of tokensOf(call)) groupOf.set(token, group);
  }
}

/**
 * Which of the calls of one request counts, and what it costs (telemetry.md, "One call, told twice"): of the visible
 * calls the one whose id is not a request's, of several the smallest id. What it does not state itself is taken from the
 * other visible calls, the smallest id first. Pure.
 */
export function sharesOf(
  group: readonly RequestCall[],
  isVisible: (call: RequestCall) => boolean,
  prices: PriceTable,
): [callId: string, share: RequestShare][] {
  const sorted = [...group].sort((one, other) => compareUtf8(one.id, other.id));
  const request = sorted.length > 1 ? sorted[0]!.id : null;
  const visible = sorted.filter(isVisible);
  const eligible = visible.length > 0 ? visible : sorted;
  const counting = eligible.find(({ id }) => !id.startsWith(PREFIX)) ?? eligible[0]!;
  const others = eligible.filter((call) => call !== counting);
  return sorted.map((call) => {
    const values = call === counting ? supplemented(call, others) : call.values;
    const given =
      call === counting ? others.find(({ values: { reported_cost_nanos: cost } }) => cost !== null) : undefined;
    const priced = callCost(values, prices);
    const costNanos = priced.costNanos ?? (given?.values.reported_cost_nanos as string | undefined) ?? null;
    const phase = values.reported_phase as string | null;
    return [call.id, { request, counts: call === counting, phase, ...priced, costNanos }];
  });
}

const SUPPLEMENTED = ['tier', 'speed', 'region', 'web_searches', 'reported_phase'] as const;

function supplemented(call: RequestCall, others: readonly RequestCall[]): RequestCall['values'] {
  if (others.length === 0) return call.values;
  const taken = SUPPLEMENTED.map((member) => [
    member,
    [call, ...others].map(({ values }) => values[member] ?? null).find((value) => value !== null) ?? null,
  ]);
  return { ...call.values, ...(Object.fromEntries(taken) as Record<string, Value>) };
}
