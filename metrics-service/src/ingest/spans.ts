import { compareUtf8 } from '../text-order.js';

/** An agent's span; times in ISO 8601. */
export interface AgentSpan {
  /** the id of its run's row */
  readonly id: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string | null;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
}

/** A tool call's span: what lies in it lies in what it lies in. */
export interface ToolSpan {
  readonly id: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
}

/** Traces by their key, and of which of them agents or tool calls changed. */
export interface Traces {
  readonly of: ReadonlyMap<string, Trace>;
  readonly changed: ReadonlySet<string>;
}

/** What lies in a trace. */
export interface Place {
  readonly parentSpanId: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * The agents of one trace, and which lies in which. That is told by parent spans; where those are not known (they were not
 * sampled, or are of no agent and no tool) by time: the innermost agent that was at work all the while. Pure, and the same
 * whatever came first.
 */
export class Trace {
  private readonly agents: readonly AgentSpan[];
  private readonly byId: Map<string, AgentSpan>;
  private readonly tools: Map<string, ToolSpan>;
  private readonly outermost: ReadonlySet<string>;
  /** the agent whose run it is: of the outermost ones the one that began first */
  readonly main: AgentSpan | null;

  constructor(agents: readonly AgentSpan[], tools: readonly ToolSpan[]) {
    const sorted = [...agents].sort(byStart);
    this.agents = sorted;
    // of several with one id the first counts
    this.byId = new Map(sorted.toReversed().map((agent) => [agent.spanId, agent]));
    const byId = tools.toSorted((a, b) => compareUtf8(b.id, a.id));
    this.tools = new Map(byId.map((tool) => [tool.spanId, tool]));
    const within = (agent: AgentSpan): AgentSpan | null =>
      this.around({ parentSpanId: agent.parentSpanId, from: agent.startedAt, to: agent.completedAt }, agent);
    const outermost = sorted.filter((agent) => within(agent) === null);
    // where each lies in another one, somebody's spans are wrong
    const chosen = outermost.length > 0 ? outermost : sorted.slice(0, 1);
    this.outermost = new Set(chosen.map(({ id }) => id));
    this.main = chosen[0] ?? null;
  }

  /** Whether the row is of one of its agents. */
  hasAgent(rowId: string): boolean {
    return this.agents.some(({ id }) => id === rowId);
  }

  isOutermost(rowId: string): boolean {
    return this.outermost.has(rowId);
  }

  /** The phase of a call: the agent that it lies in, if that is not the run's own. */
  phaseOf(place: Place): string | null {
    const agent = this.around(place, null);
    return agent === null || agent === this.main ? null : agent.name;
  }

  /** The innermost agent that something lies in; `self`: the agent that it is. */
  private around({ parentSpanId, from, to }: Place, self: AgentSpan | null): AgentSpan | null {
    if (parentSpanId === null) return null;
    const seen = new Set<string>();
    for (let id: string | null = parentSpanId; id !== null && !seen.has(id);) {
      seen.add(id);
      const agent = this.byId.get(id);
      if (agent) return agent === self ? null : agent;
      const tool = this.tools.get(id);
      if (!tool) break;
      if (tool.parentSpanId === null) return null;
      id = tool.parentSpanId;
    }
    let found: AgentSpan | null = null;
    for (const agent of this.agents) {
      if (agent !== self && holds(agent, { from, to }, self) && (found === null || isInnerOf(agent, found)))
        found = agent;
    }
    return found;
  }
}

/** By start, unknown ones last; a tie: the one that ended last, then the smaller id. */
function byStart(a: AgentSpan, b: AgentSpan): number {
  if (a.startedAt !== b.startedAt) return compareTimes(a.startedAt, b.startedAt);
  if (a.completedAt !== b.completedAt) return -compareTimes(a.completedAt, b.completedAt);
  return compareUtf8(a.id, b.id);
}

/** Texts in the same ISO 8601 form compare like their instants. */
function compareTimes(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : Number(a > b);
}

/** Whether the agent was at work all that time; of two agents with the same times one is around the other. */
function holds(agent: AgentSpan, { from, to }: Pick<Place, 'from' | 'to'>, self: AgentSpan | null): boolean {
  const { startedAt, completedAt } = agent;
  if (startedAt === null || completedAt === null || from === null || to === null) return false;
  if (startedAt > from || completedAt < to) return false;
  return self === null || startedAt !== from || completedAt !== to || byStart(agent, self) < 0;
}

function isInnerOf(agent: AgentSpan, other: AgentSpan): boolean {
  if (agent.startedAt !== other.startedAt) return compareTimes(agent.startedAt, other.startedAt) > 0;
  if (agent.completedAt !== other.completedAt) return compareTimes(agent.completedAt, other.completedAt) < 0;
  return byStart(agent, other) > 0;
}
