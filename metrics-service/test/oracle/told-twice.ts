import type { Entity } from './entity.js';
import { costOfCall } from './parts.js';
import { runOfCall } from './runs.js';
import type { SpanTree } from './spans.js';
import type { PriceOf } from './types.js';
import { compareText } from './values.js';

/** Runs of one key are one run, of the least id that is no key's; which run each id means. */
export function uniteRuns(
  runs: Entity[],
  make: (id: string) => Entity,
  trees: Map<unknown, SpanTree | null>,
): { runs: Entity[]; meant: Map<string, Entity> } {
  const meant = new Map<string, Entity>();
  const whole: Entity[] = [];
  for (const run of runs) {
    if (meant.has(run.id)) continue;
    const key = run.value('key');
    const members = key === null ? [run] : runs.filter((other) => other.value('key') === key);
    const ids = members.map(({ id }) => id).sort(compareText);
    const one = make(ids.find((id) => !id.startsWith('key:')) ?? ids[0]!);
    const tree = members.length > 1 ? (trees.get(key) ?? null) : null;
    for (const member of members) {
      if (tree === null || member.text('spanId') === null || member === tree.main) one.include(member);
      else if (tree.outermost.includes(member) && member.outcome) {
        one.completeAs(member);
        one.mentioned(member.outcome.stamp);
      }
      meant.set(member.id, one);
    }
    tellInPassing(one);
    whole.push(one);
  }
  return { runs: whole, meant };
}

/** Where nobody states its start and session, what records tell of it in passing; at last its trace is its session. */
function tellInPassing(run: Entity): void {
  const begun = run.fields.get('begunAt');
  if (!begun) return;
  const key = String(run.value('key') ?? '');
  const session = run.text('seenSessionId') ?? (key.startsWith('trace:') ? key.slice('trace:'.length) : null);
  if (!run.fields.has('startedAt')) run.fields.set('startedAt', begun);
  if (!run.fields.has('sessionId') && session !== null) run.fields.set('sessionId', { ...begun, value: session });
}

/** The run with the same key. */
export function runWithKey(runs: Entity[], one: Entity): Entity | undefined {
  const key = one.value('key');
  return key === null ? undefined : runs.find((run) => run.value('key') === key);
}

/** A call with the run that it belongs to. */
export interface Placed {
  call: Entity;
  runId: string | null;
  session: string | null;
}

export function placeCall(call: Entity, runs: Entity[], meant: Map<string, Entity>): Placed {
  const session = call.text('sessionId');
  const reported = call.text('runId');
  if (reported !== null) return { call, runId: meant.get(reported)?.id ?? reported, session };
  const run = runWithKey(runs, call);
  if (run) return { call, runId: run.id, session: run.text('sessionId') ?? session };
  return { call, runId: runOfCall(call, runs), session };
}

/** The calls that count: of those that tell of one request, one, with what the others say besides. */
export function countingCalls(placed: Placed[], isHidden: (placed: Placed) => boolean, priceOf: PriceOf): Placed[] {
  const open = [...placed];
  const counting: Placed[] = [];
  while (open.length > 0) {
    const group = [open.shift()!];
    for (let found = true; found;) {
      found = false;
      for (const other of [...open]) {
        if (!group.some((one) => isSameRequest(one.call, other.call))) continue;
        group.push(open.splice(open.indexOf(other), 1)[0]!);
        found = true;
      }
    }
    counting.push(countingOf(group, isHidden, priceOf));
  }
  return counting;
}

function isSameRequest(one: Entity, other: Entity): boolean {
  const [first, second] = [requestId(one), requestId(other)];
  return (first !== null && (first === second || first === other.id)) || (second !== null && second === one.id);
}

function requestId(call: Entity): string | null {
  return call.text('requestId') ?? (call.id.startsWith('request:') ? call.id.slice('request:'.length) : null);
}

function countingOf(group: Placed[], isHidden: (placed: Placed) => boolean, priceOf: PriceOf): Placed {
  const sorted = [...group].sort((one, other) => compareText(one.call.id, other.call.id));
  const visible = sorted.filter((one) => !isHidden(one));
  const among = visible.length > 0 ? visible : sorted;
  const chosen = among.find(({ call }) => !call.id.startsWith('request:')) ?? among[0]!;
  const others = among.filter((one) => one !== chosen).map(({ call }) => call);
  const call = chosen.call.copy();
  for (const member of ['tier', 'speed', 'region', 'webSearches', 'phase']) {
    const said = [chosen.call, ...others].find((one) => one.value(member) !== null && one.value(member) !== '');
    if (said) call.fields.set(member, said.fields.get(member)!);
  }
  if (costOfCall(call, priceOf) === null) {
    const priced = others.find((one) => one.value('costUsd') !== null);
    if (priced) call.fields.set('costUsd', priced.fields.get('costUsd')!);
  }
  return { ...chosen, call };
}
