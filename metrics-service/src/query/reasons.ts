import { shellWord } from '../format/shell.js';
import { minimumGroupSize } from '../access/viewer-scope.js';
import { EARLIEST_MS, LATEST_MS, NONE } from '../contract/query.js';
import { showTime } from '../format/values.js';
import type { Window } from './buckets.js';
import type { QuestionContext } from './context.js';
import { eventTimes } from './event-times.js';
import type { Filter } from './filters.js';
import { quoted } from './invalid.js';
import { resolveFilters } from './resolve.js';
import type { Rows } from './rows.js';
import { isNarrow } from './sql/row-scope.js';
import { knownStatement } from './statements/known-values.js';
import { timelineSessionStatement } from './statements/timeline.js';

/** Why an answer is empty, in words that say how to go on. */
export interface Reason {
  readonly kind:
    | 'no_access'
    | 'no_data'
    | 'no_match'
    | 'nothing_in_range'
    | 'no_session_chosen'
    | 'no_run_chosen'
    | 'no_work_item_chosen'
    | 'no_work_items'
    | 'no_agent_chosen'
    | 'no_agents'
    | 'unknown_session'
    | 'session_elsewhen'
    | 'unknown_work_item'
    | 'work_item_elsewhen'
    | 'no_budgets'
    | 'nothing_found';
  /** one or two sentences without the full stop at the end */
  readonly text: string;
  /** a command in the text that goes on from here */
  readonly command?: string;
  /** where to go on: the session, and when it was */
  readonly session?: { readonly id: string; readonly time: Window };
  /** the same of a work item */
  readonly workItem?: { readonly id: string; readonly time: Window };
}

/** At most so many values of one filter are named. */
const MOST_NAMED = 5;

/**
 * Why a question about these rows finds nothing: the viewer may see nothing, the organization has no data, a filter
 * names what does not exist, or there is no such row (`what`: run, session, handoff) in the range. To be asked only
 * where there is nothing; it tells a viewer no more of others than their answers do.
 */
export async function whyNothing(context: QuestionContext, rows: Rows, what: string): Promise<Reason> {
  const { scope } = context;
  if (scope.kind === 'nothing') return { kind: 'no_access', text: scope.said };
  const { first, newest } = await eventTimes(context);
  if (first === null || newest === null) return noData(context.orgId);
  const given = rows.given.map(withoutBlanks);
  for (const filter of given) {
    if (isBlank(filter)) return NONE_CHOSEN[filter.dimension.name] ?? NO_SESSION_CHOSEN;
    const [sessionId, ...others] = filter.dimension.name === 'session' && !filter.negated ? filter.values : [];
    if (sessionId !== undefined && others.length === 0 && !filter.none) {
      const ofSession = await whyNoSession(context, rows, sessionId);
      if (ofSession.kind !== 'session_elsewhen' || !overlap(ofSession.session!.time, rows.window)) return ofSession;
      continue;
    }
    const unnamed = NONE_NAMED[filter.dimension.name];
    if (unnamed && isOfThoseWith(filter) && !(await isKnown(context, filter))) return unnamed;
    const unknown = await unknownValues(context, filter);
    if (unknown.length > 0) return noMatch(filter, unknown);
  }
  if (given.length > 0) {
    const few = minimumGroupSize(scope) > 0 ? ', or what does is about too few people to be shown' : '';
    const named = given.map(filterInWords).join(', ');
    const text = `no ${what} in this range passes the filters (${named})${few}. Leave one out, or choose another range`;
    return { kind: 'nothing_in_range', text };
  }
  if (isNarrow(scope)) {
    const text = `no ${what} that you may see in this range. Choose a longer one`;
    return { kind: 'nothing_in_range', text };
  }
  const span = [first, newest].map((ms) => showTime(ms, rows.timezone)).join(' to ');
  const text = `no ${what} in this range: what is recorded here goes from ${span}. Choose a range in that time`;
  return { kind: 'nothing_in_range', text };
}

function noData(orgId: string): Reason {
  const command = `npx runboard import claude-code --org ${shellWord(orgId)}`;
  const text =
    'nothing is recorded in this organization yet. Import what your agents left on this machine ' +
    `(${command}), or send events (POST /v1/events)`;
  return { kind: 'no_data', text, command };
}

/** A view of one session was asked without naming exactly one. */
export const NO_SESSION_CHOSEN: Reason = {
  kind: 'no_session_chosen',
  text: 'no session is chosen. Choose one at the top of the board or open one from the list of sessions (in a query: filters.session)',
};

/** As it is for one session. */
const NO_RUN_CHOSEN: Reason = {
  kind: 'no_run_chosen',
  text: 'no run is chosen. Click one in a list of runs (in a query: filters.run)',
};

/** As it is for one session. */
export const NO_WORK_ITEM_CHOSEN: Reason = {
  kind: 'no_work_item_chosen',
  text: 'no work item is chosen. Type its id at the top of the board or open one from the list of work items (in a query: filters.work_item)',
};

/** As it is for one session. */
const NO_AGENT_CHOSEN: Reason = {
  kind: 'no_agent_chosen',
  text: 'no agent is chosen. Type its name at the top of the board or open one from the list of agents (in a query: filters.agent)',
};

/** By the dimension that chooses one. */
const NONE_CHOSEN: Readonly<Record<string, Reason>> = {
  run: NO_RUN_CHOSEN,
  work_item: NO_WORK_ITEM_CHOSEN,
  agent: NO_AGENT_CHOSEN,
};

/** Where only rows with a value are asked for, and no row ever had one: what to send. */
const NONE_NAMED: Readonly<Record<string, Reason>> = {
  agent: {
    kind: 'no_agents',
    text:
      'no run says which agent did it. Send agent (and role, workflow) with run.started: a name that stays, such as ' +
      'builder-a. With work items, time to close and quality are known, too',
  },
};

/** A board names what is chosen and the empty text, which is nobody's id: then nothing chosen is no row, not every row. */
function withoutBlanks(filter: Filter): Filter {
  const { dimension, negated, values } = filter;
  const isOfOne = ['session', 'run', 'work_item', 'agent'].includes(dimension.name);
  return isOfOne && !negated ? { ...filter, values: values.filter((value) => value !== '') } : filter;
}

function isBlank({ values, none }: Filter): boolean {
  return values.length === 0 && !none;
}

/** Whether it passes all rows that have a value. */
function isOfThoseWith({ values, none, negated }: Filter): boolean {
  return negated && none && values.length === 0;
}

/** Why there is nothing of the session that the filters name. */
export async function whyNoSession(context: QuestionContext, rows: Rows, sessionId: string): Promise<Reason> {
  if (context.scope.kind === 'nothing') return { kind: 'no_access', text: context.scope.said };
  const name = quoted(sessionId);
  const given = rows.given.filter(
    ({ dimension, values }) => dimension.name === 'session' && values.includes(sessionId),
  );
  const filters = await resolveFilters(context, given.slice(0, 1));
  const ever = { ...rows, filters, window: { from: EARLIEST_MS, to: LATEST_MS } };
  const [found] = await context.ask(timelineSessionStatement(context.orgId, ever));
  const { first_at: first, last_at: last } = found as { first_at: number | null; last_at: number | null };
  if (first !== null && last !== null) {
    const time = minutesOf(first, last);
    const [from, to] = [first, last].map((ms) => showTime(ms, rows.timezone));
    const text = `session ${name} has nothing in this range: it was from ${from} to ${to}. Show it in its own time`;
    return { kind: 'session_elsewhen', text, session: { id: sessionId, time } };
  }
  if (await isKnown(context, filters[0]!)) {
    return { kind: 'nothing_in_range', text: `session ${name} is known, but nothing has happened in it yet` };
  }
  // the same words for a session that does not exist and one that is hidden
  const text = `session ${name} is not known here. Check its id; it may also be deleted, not sent yet, or not yours to see`;
  return { kind: 'unknown_session', text };
}

function overlap(one: Window, other: Window): boolean {
  return one.from < other.to && other.from < one.to;
}

const MINUTE_MS = 60_000;

/** From the minute of the first of these moments to after that of the last. */
export function minutesOf(first: number, last: number): Window {
  return { from: minuteOf(first), to: minuteOf(last) + MINUTE_MS };
}

function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS;
}

/** The values of a filter, as the asker wrote them, if nothing visible has any of them; else none. */
export async function unknownValues(context: QuestionContext, filter: Filter): Promise<readonly string[]> {
  const { dimension, values, none, negated } = filter;
  const isOfRows = dimension.run !== undefined || dimension.session !== undefined;
  // where numbers over few people are hidden, whether a value exists at all may be one of them
  if (!isOfRows || none || negated || minimumGroupSize(context.scope) > 0) return [];
  const [resolved] = await resolveFilters(context, [filter]);
  return (await isKnown(context, resolved!)) ? [] : values;
}

export async function isKnown(context: QuestionContext, resolved: Filter): Promise<boolean> {
  const [row] = await context.ask(knownStatement(context.orgId, resolved, context.scope));
  return row?.known === true;
}

function noMatch(filter: Filter, unknown: readonly string[]): Reason {
  const text = `${matchesNothing(filter, unknown)}. Check how it is written`;
  return { kind: 'no_match', text };
}

/** `the filter on team matches nothing: no team "core" is known here` */
export function matchesNothing({ dimension }: Filter, unknown: readonly string[]): string {
  const named = listed(unknown.map((value) => quoted(value)));
  return `the filter on ${dimension.name} matches nothing: no ${dimension.title.toLowerCase()} ${named} is known here`;
}

/** `role "reviewer" or "tester"`. */
export function filterInWords({ dimension, values, none, negated }: Filter): string {
  const named = listed([...values.map((value) => quoted(value)), ...(none ? [NONE] : [])]);
  return `${dimension.title.toLowerCase()} ${negated ? 'not ' : ''}${named}`;
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  if (more > 0) return `${names.slice(0, MOST_NAMED).join(', ')} or ${more} more`;
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
