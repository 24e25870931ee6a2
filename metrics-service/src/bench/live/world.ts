import { eventMaker, iso, type BenchEvent } from '../events.js';

/** Runs that stay open, and those that come and go: 1,000 together. */
const STAYING = 977;
const PASSING = 23;
export const OPEN_RUNS = STAYING + PASSING;
/** Of so many events one is a call, one the start of a passing run, and one the end of another. */
const CYCLE = 20;
const [CALL, START, END] = [4, 9, 19];

type MakeEvent = ReturnType<typeof eventMaker>;
const event: MakeEvent = eventMaker();

/** The sessions of all runs, and the runs that are open at first. */
export function* openRuns(nowMs: number): Generator<BenchEvent> {
  const at = iso(nowMs);
  for (let session = 0; session < STAYING; session += 1) {
    yield event('session.created', nowMs, {
      sessionId: `session-${session}`,
      createdByUserId: `user-${session % 200}`,
      createdAt: at,
      repo: `repo-${session % 20}`,
      runtime: 'claude-code',
    });
    yield started(`run-${session}`, session, nowMs);
  }
  for (let run = 0; run < PASSING; run += 1) yield started(`passing-${run}`, run, nowMs);
}

/** Event `number` of those that follow: mostly the progress of a run, with the number as its step. */
export function liveEvent(number: number, nowMs: number): BenchEvent {
  const cycle = Math.floor(number / CYCLE);
  const of = number % STAYING;
  const at = iso(nowMs);
  switch (number % CYCLE) {
    case START:
      return started(`passing-${cycle + PASSING}`, of, nowMs);
    case END:
      return event('run.completed', nowMs, { runId: `passing-${cycle}`, completedAt: at, status: 'SUCCEEDED' });
    case CALL: {
      const usage = { inputTokens: 10_000, outputTokens: 500, cacheReadTokens: 8_000, cacheWriteTokens: 1_000 };
      const call = { callId: `call-${number}`, sessionId: `session-${of}`, runId: `run-${of}` };
      return event('llm_call.recorded', nowMs, { ...call, at, model: 'claude-sonnet-4-6', usage });
    }
    default:
      return event('run.progressed', nowMs, {
        ...{ runId: `run-${of}`, at, phase: 'edit', step: number },
        ...{ contextTokens: 50_000 + number, contextLimit: 200_000 },
      });
  }
}

/** Whether a row says which event it is of: a call only adds to sums. */
export function isNumbered(number: number): boolean {
  return number % CYCLE !== CALL;
}

/** A message of the stream, as far as it is looked at. */
export interface Message {
  /** of a change; a snapshot has `runs` */
  changed?: readonly LiveRow[];
  runs?: readonly LiveRow[];
  gone?: readonly string[];
}

interface LiveRow {
  run: string;
  step: number | null;
}

/** The numbers of the events that a message shows, with those of the same run that they have overtaken. */
export function* numbersIn({ changed, runs, gone = [] }: Message): Generator<number> {
  for (const { run, step } of changed ?? runs ?? []) {
    const passing = passingOf(run);
    if (passing !== null) yield (passing - PASSING) * CYCLE + START;
    else if (step !== null) for (let number = step; number >= 0; number -= STAYING) yield number;
  }
  for (const run of gone) yield passingOf(run)! * CYCLE + END;
}

function passingOf(run: string): number | null {
  return run.startsWith('passing-') ? Number(run.slice('passing-'.length)) : null;
}

function started(runId: string, session: number, nowMs: number): BenchEvent {
  const run = { runId, sessionId: `session-${session}`, startedAt: iso(nowMs) };
  return event('run.started', nowMs, { ...run, model: 'claude-sonnet-4-6', role: 'builder' });
}
