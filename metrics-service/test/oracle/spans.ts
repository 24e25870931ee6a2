import type { Entity } from './entity.js';
import { compareText, instant } from './values.js';

/** Which agents of one trace lie in which; from the runs and tool calls with one key, as said. */
export interface SpanTree {
  main: Entity;
  outermost: Entity[];
  /** the innermost agent that a call lies in */
  agentOf(call: Entity): Entity | null;
}

interface Interval {
  from: number | null;
  to: number | null;
}

const startOf = (run: Entity): number | null => run.time('startedAt');
const endOf = ({ outcome }: Entity): number | null =>
  outcome?.data.completedAt === undefined ? null : instant(outcome.data.completedAt as string);

/** Began first; a tie: ended last; a tie: the smaller id. What is unknown comes last. */
function before(a: Entity, b: Entity): number {
  const [aFrom, bFrom] = [startOf(a) ?? Infinity, startOf(b) ?? Infinity];
  if (aFrom !== bFrom) return aFrom < bFrom ? -1 : 1;
  const [aTo, bTo] = [endOf(a), endOf(b)];
  if (aTo !== bTo) return aTo === null ? -1 : bTo === null ? 1 : bTo - aTo;
  return compareText(a.id, b.id);
}

export function spanTree(runs: Entity[], toolCalls: Entity[]): SpanTree | null {
  const agents = runs.filter((run) => run.text('spanId') !== null).sort(before);
  if (agents.length === 0) return null;
  const tools = toolCalls.filter((tool) => tool.text('spanId') !== null).sort((a, b) => compareText(a.id, b.id));

  const byParents = (parent: string): Entity | 'unknown' | null => {
    const passed: string[] = [];
    for (let id: string | null = parent; id !== null;) {
      if (passed.includes(id)) return 'unknown';
      passed.push(id);
      const agent = agents.find((one) => one.text('spanId') === id);
      if (agent) return agent;
      const tool = tools.find((one) => one.text('spanId') === id);
      if (!tool) return 'unknown';
      id = tool.text('parentSpanId');
    }
    return null;
  };
  const byTime = ({ from, to }: Interval, self: Entity | null): Entity | null => {
    if (from === null || to === null) return null;
    const around = agents.filter((agent) => {
      const [start, end] = [startOf(agent), endOf(agent)];
      if (agent === self || start === null || end === null || start > from || end < to) return false;
      return self === null || start !== from || end !== to || before(agent, self) < 0;
    });
    return around.sort(before).at(-1) ?? null;
  };
  const parentOf = (one: Entity, interval: Interval, self: Entity | null): Entity | null => {
    const parent = one.text('parentSpanId');
    if (parent === null) return null;
    const found = byParents(parent);
    if (found === 'unknown') return byTime(interval, self);
    return found === self ? null : found;
  };
  const outer = agents.filter((one) => parentOf(one, { from: startOf(one), to: endOf(one) }, one) === null);
  const outermost = outer.length > 0 ? outer : agents.slice(0, 1);
  return {
    main: outermost[0]!,
    outermost,
    agentOf: (call) => parentOf(call, { from: call.time('at'), to: call.time('at') }, null),
  };
}
