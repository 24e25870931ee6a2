import type { Entity } from './entity.js';
import { instant } from './values.js';

const HOUR = 3_600_000;
/** The setting telemetrySettle of the organizations of tests. */
const SETTLE = 2 * HOUR;
const OPEN_TOOL_CALL = 24 * HOUR;

/** What is known around a run of which nobody said how it ended. */
export interface Around {
  /** its session; null: none */
  session: Entity | null;
  /** its calls that count */
  calls: Entity[];
  /** and those that tell of the same requests */
  allCalls: Entity[];
  toolCalls: Entity[];
  /** what the agent said in it */
  answers: Entity[];
  /** the other runs of its session */
  others: Entity[];
}

export interface End {
  status: string;
  completedAt: number | null;
  failureCategory: string | null;
  errorSummary: string | null;
}

/** Whether the run is left out: nobody will say that it ended, and nothing shows that anything happened in it. */
export function isIdle(run: Entity, { calls, toolCalls }: Around): boolean {
  if (run.value('endIsDerived') !== true || run.outcome) return false;
  return !run.stop && !run.error && run.value('usage') === null && calls.length + toolCalls.length === 0;
}

/** How a run ended of which nobody said it; null: it goes on, or somebody did say it. */
export function endOf(run: Entity, around: Around): End | null {
  if (run.outcome) return null;
  const { session } = around;
  const isUnsaid = run.value('endIsDerived') === true;
  const moments = (list: Entity[], ...fields: string[]): number[] =>
    list.flatMap((one) => fields.map((field) => one.time(field))).filter((at) => at !== null);
  const isAnswered = (call: Entity): boolean => call.text('failureCategory') === null;
  const lastCall = Math.max(-Infinity, ...moments(around.calls.filter(isAnswered), 'at'));
  const error = lastError(run, around.calls);
  const ofError = error?.at ?? -Infinity;
  const known = [
    ...moments([run], 'startedAt', 'progressedAt'),
    ...moments(around.calls, 'at'),
    ...moments(around.toolCalls, 'startedAt', 'completedAt'),
    ...moments(around.answers, 'sentAt'),
    ofError,
  ];
  const last = Math.max(-Infinity, ...known);
  const said = (value: unknown): string | null =>
    value === undefined || value === null || value === '' ? null : (value as string);
  if (isUnsaid && run.stop) {
    const { at, status, failureCategory, errorSummary } = run.stop;
    return {
      status: status as string,
      completedAt: Math.max(last, instant(at as string)),
      failureCategory: said(failureCategory),
      errorSummary: said(errorSummary),
    };
  }
  if (last === -Infinity) return null;

  const isTrace = ({ fields }: Entity): boolean => String(fields.get('key')?.value ?? '').startsWith('trace:');
  const isFollowed = around.others.some((other) => {
    const [own, at] = [run.time('startedAt'), other.time('startedAt')];
    return own !== null && at !== null && at > own && !other.isDeleted && (!isTrace(other) || isTrace(run));
  });
  const ended = session?.end ?? null;
  const isOver = ended !== null && instant(ended.at as string) >= last;
  if (isOver && said(ended.status) !== null && !isFollowed) {
    return {
      status: ended.status as string,
      completedAt: instant(ended.at as string),
      failureCategory: said(ended.failureCategory),
      errorSummary: null,
    };
  }
  if (!isUnsaid) return null;
  const isOpen = around.toolCalls.some((call) => call.time('completedAt') === null && call.text('status') === null);
  const through = session?.time('through') ?? -Infinity;
  const isSettled = through >= last + (isOpen ? OPEN_TOOL_CALL : SETTLE);
  if (!isFollowed && !isOver && !isSettled) return null;

  const refused = around.toolCalls.filter(
    (call) => call.text('status') === 'REJECTED' && call.text('rejectedBy') === 'person',
  );
  const refusedAt = Math.max(-Infinity, ...refused.map((call) => call.time('completedAt') ?? call.time('startedAt')!));
  if (error && ofError > lastCall) {
    const { failureCategory, errorSummary } = error;
    return {
      status: 'FAILED',
      completedAt: last,
      failureCategory: said(failureCategory),
      errorSummary: said(errorSummary),
    };
  }
  return {
    status: refusedAt > lastCall ? 'CANCELED' : 'SUCCEEDED',
    completedAt: last,
    failureCategory: null,
    errorSummary: null,
  };
}

interface LastError {
  at: number;
  failureCategory: unknown;
  errorSummary: unknown;
}

/** The last thing that failed: what was said of the run itself goes before a call of the same time, then the smallest id. */
function lastError(run: Entity, calls: Entity[]): LastError | null {
  const failed = calls
    .filter((call) => call.text('failureCategory') !== null)
    .map((call) => ({
      at: call.time('at')!,
      failureCategory: call.text('failureCategory'),
      errorSummary: call.text('errorSummary'),
      id: call.id,
    }))
    .sort((one, other) => other.at - one.at || (one.id < other.id ? -1 : 1));
  const [call] = failed;
  const { at, failureCategory, errorSummary } = run.error ?? {};
  const said: LastError | null = run.error ? { at: instant(at as string), failureCategory, errorSummary } : null;
  return call && (!said || call.at > said.at) ? call : said;
}
