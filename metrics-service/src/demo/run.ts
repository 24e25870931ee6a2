import type { FAILURE_CATEGORIES } from '../contract/events.js';
import { MINUTE_MS, type Calendar } from './calendar.js';
import { Draw } from './draw.js';
import type { CloudEvent } from '../contract/cloud-event.js';
import { demoEvent, iso } from './event.js';
import { MODELS, usageOf, type ModelUsage } from './models.js';
import type { Work } from './work.js';

type Category = (typeof FAILURE_CATEGORIES)[number];

const ORDINARY_FAILURES: readonly (readonly [Category, number])[] = [
  ['test_failure', 34],
  ['tool_error', 18],
  ['build_failure', 14],
  ['agent_error', 9],
  ['context_overflow', 7],
  ['merge_conflict', 6],
  ['permission_denied', 5],
  ['environment_setup', 4],
  ['provider_error', 3],
];
const SUMMARIES: Partial<Record<Category, string>> = {
  test_failure: '3 tests failed: checkout › totals › rounds half to even',
  tool_error: 'edit: the text to replace was not found',
  build_failure: 'tsc: 2 errors in src/cart/total.ts',
  context_overflow: 'the conversation is longer than the model can read',
  merge_conflict: 'CONFLICT (content): package-lock.json',
  provider_error: 'the provider answered 529: overloaded',
};
const TASKS = [
  ['feature', 4],
  ['bugfix', 3],
  ['refactoring', 2],
  ['tests', 2],
  ['docs', 1],
] as const;
const TIMEOUT_MS = 30 * MINUTE_MS;

export interface Run {
  readonly events: readonly CloudEvent[];
  readonly endMs: number;
  readonly usage: ModelUsage;
  readonly awaitMs: number;
}

/** An ordinary run; during the outage most of them fail. */
export function ordinaryRun(
  draw: Draw,
  { runId, sessionId, model, startMs, outage, work }: RunFacts & { model: string; outage: Calendar['outage'] },
): Run {
  const isOutage = startMs >= outage.fromMs && startMs < outage.toMs;
  const status = isOutage && draw.chance(0.75) ? 'FAILED' : chooseStatus(draw, model);
  const category = status !== 'FAILED' ? null : isOutage ? 'provider_error' : draw.weighted(ORDINARY_FAILURES);
  const executionMs =
    status === 'TIMEOUT'
      ? TIMEOUT_MS
      : category === 'provider_error'
        ? draw.between(4_000, 40_000)
        : Math.min(TIMEOUT_MS - 1, draw.skewed(3.5 * MINUTE_MS, 0.8));
  const endMs = Math.round(startMs + executionMs);
  const usage = usageOf(draw, model);
  const approvals = approvalsOf(runId, endMs - startMs);
  const events = [
    startedEvent(draw, { runId, sessionId, startMs, work }, model),
    demoEvent('run.completed', runId, endMs, {
      runId,
      completedAt: iso(endMs),
      status,
      ...(category === null ? {} : { failureCategory: category, errorSummary: SUMMARIES[category] }),
      usage: [usage],
      phases: phasesOf(draw, startMs, endMs),
      ...approvals,
      ...(status === 'SUCCEEDED' || category === 'test_failure' ? { artifacts: artifactsOf(draw, category) } : {}),
    }),
  ];
  return { events, endMs, usage, awaitMs: approvals.awaitMs };
}

export interface RunFacts {
  readonly runId: string;
  readonly sessionId: string;
  readonly startMs: number;
  readonly work?: Work | null | undefined;
}

/** The start of a run; on its own it makes a run in flight. */
export function startedEvent(draw: Draw, { runId, sessionId, startMs, work }: RunFacts, model: string): CloudEvent {
  return demoEvent('run.started', runId, startMs, {
    runId,
    sessionId,
    startedAt: iso(startMs),
    queueWaitMs: Math.round(draw.skewed(1_500, 1)),
    model,
    taskType: draw.weighted(TASKS),
    ...(work ? { agent: work.agent, role: work.role, workflow: work.workflow } : {}),
  });
}

function chooseStatus(draw: Draw, model: string) {
  const failures = model === MODELS.cheaper ? 12 : 8;
  return draw.weighted([
    ['SUCCEEDED', 95 - failures],
    ['FAILED', failures],
    ['CANCELED', 3.5],
    ['TIMEOUT', 1.5],
  ] as const);
}

function phasesOf(draw: Draw, startMs: number, endMs: number) {
  const lengthMs = endMs - startMs;
  const planned = Math.round(startMs + lengthMs * draw.between(0.1, 0.25));
  const edited = Math.round(startMs + lengthMs * draw.between(0.55, 0.75));
  return [
    { name: 'plan', startedAt: iso(startMs), completedAt: iso(planned) },
    { name: 'edit', startedAt: iso(planned), completedAt: iso(edited) },
    { name: 'test', startedAt: iso(edited), completedAt: iso(endMs) },
  ];
}

/** In some runs a person had to allow something, and the agent waited for it. */
function approvalsOf(runId: string, lengthMs: number) {
  const draw = Draw.of(runId);
  if (draw.chance(0.8)) return { awaitMs: 0 };
  return { awaitMs: Math.round(lengthMs * draw.between(0.05, 0.5)), counters: { approvals: draw.whole(1, 4) } };
}

function artifactsOf(draw: Draw, category: Category | null) {
  const testsRun = draw.whole(5, 120);
  return {
    filesChanged: draw.whole(1, 9),
    linesAdded: Math.round(draw.skewed(45, 0.9)),
    linesDeleted: Math.round(draw.skewed(18, 0.9)),
    testsRun,
    testsPassed: category === 'test_failure' ? testsRun - 3 : testsRun,
  };
}
