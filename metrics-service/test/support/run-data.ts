import type { EventType } from '../../src/contract/events.js';
import { RUN_ATTRIBUTES } from '../oracle/types.js';
import { type Data, type RandomFields, WORLD } from './random-fields.js';

export const CATEGORIES = ['agent_error', 'tool_error', 'rate_limited', 'unknown'];
export const STATUSES = ['SUCCEEDED', 'SUCCEEDED', 'FAILED', 'FAILED', 'CANCELED', 'TIMEOUT'];
const HOUR = 3_600_000;

/** What was drawn for an event before its own members: they come in the same order for every type. */
export interface Drawn {
  at: number;
  /** `at` as a text */
  now: string;
  userId: string | null | undefined;
  key: string | undefined;
  /** the members by which it is tied to a run, and to a session */
  run: Data;
  inSession: Data;
}

/** The data of an event about a run, and its moment. */
export function runData(
  fields: RandomFields,
  type: string,
  { at, now, userId, key, run, inSession }: Drawn,
): [data: Data, moment: number] {
  const { random } = fields;
  switch (type) {
    case 'run.queued':
      return [
        {
          ...run,
          ...inSession,
          userId,
          queuedAt: now,
          model: fields.optional(WORLD.models),
          ...fields.attributes(type, RUN_ATTRIBUTES),
          workItemId: random.chance(0.4) ? fields.optional(WORLD.workItems) : undefined,
          stage: random.chance(0.4) ? fields.optional(WORLD.stages) : undefined,
        },
        at,
      ];
    case 'run.started':
      return [
        {
          ...run,
          ...inSession,
          userId,
          startedAt: now,
          queueWaitMs: fields.maybe(0.3, () => random.pick([0, 1, 1500, random.integer(0, HOUR)])),
          model: fields.optional(WORLD.models),
          agent: fields.optional(WORLD.agents),
          url: fields.url(),
          endIsDerived: fields.maybe(0.5, () => random.pick([true, true, false, null])),
          ...(key === undefined ? {} : spanOf(fields, 0.6)),
          ...fields.attributes(type, RUN_ATTRIBUTES),
          workItemId: random.chance(0.4) ? fields.optional(WORLD.workItems) : undefined,
          stage: random.chance(0.4) ? fields.optional(WORLD.stages) : undefined,
        },
        at,
      ];
    case 'run.seen':
      return [
        {
          ...run,
          ...inSession,
          at: now,
          startedAt: fields.text(at - random.pick([0, 1, 60_000, random.integer(0, HOUR)])),
        },
        at,
      ];
    case 'run.progressed':
      return [
        {
          ...run,
          at: now,
          usage: fields.maybe(0.7, () => fields.usageList()),
          phase: fields.optional(WORLD.phases),
          contextTokens: fields.maybe(0.5, () => random.integer(0, 100_000)),
          contextLimit: fields.maybe(0.5, () => random.pick([0, 64_000, 100_000])),
          activity: fields.optional(['reads the tests']),
          step: fields.maybe(0.3, () => random.integer(0, 7)),
          steps: fields.maybe(0.3, () => 7),
        },
        at,
      ];
    case 'run.errored':
      return [{ ...run, at: now, ...failure(fields) }, at];
    case 'run.stopped':
      return [{ ...run, at: now, status: random.pick(STATUSES), ...failure(fields) }, at];
    case 'run.completed':
      return completed(fields, run, at);
    case 'run.deleted':
      return [run, at];
    default:
      return [fields.dataOf(type as EventType), at];
  }
}

/** Where something lies in a trace of a few spans, some of which are nowhere. */
export function spanOf(fields: RandomFields, probability: number): Data {
  const { random } = fields;
  if (!random.chance(probability)) return {};
  const spans = ['a1', 'a2', 'a3', 'x'];
  return { spanId: random.pick(spans), parentSpanId: random.chance(0.7) ? random.pick(spans) : undefined };
}

function failure(fields: RandomFields): Data {
  const { random } = fields;
  return {
    failureCategory: random.chance(0.6) ? random.pick([...CATEGORIES, null]) : undefined,
    errorSummary: fields.optional(WORLD.errors),
  };
}

function completed(fields: RandomFields, run: Data, at: number): [data: Data, moment: number] {
  const { random } = fields;
  const status = random.pick(STATUSES);
  const testsRun = random.pick([0, 3, 10]);
  const phases = (): Data[] =>
    Array.from({ length: random.integer(1, 4) }, () => {
      const startedAt = fields.at();
      const completedAt = startedAt + random.pick([-1, 0, 1, 60_000, random.integer(0, HOUR)]);
      return {
        name: random.pick(WORLD.phases),
        startedAt: fields.text(startedAt),
        completedAt: fields.text(completedAt),
      };
    });
  const artifacts = (): Data => ({
    filesChanged: fields.maybe(0.8, () => random.integer(0, 9)),
    linesAdded: fields.maybe(0.8, () => random.integer(0, 500)),
    linesDeleted: fields.maybe(0.8, () => random.pick([null, 0, 12])),
    ...(random.chance(0.7) ? { testsRun, testsPassed: fields.maybe(0.7, () => random.integer(0, testsRun)) } : {}),
  });
  const data = {
    ...run,
    completedAt: fields.text(at),
    status,
    sessionId: fields.maybe(0.3, () => random.pick([...WORLD.sessions, ''])),
    startedAt: fields.maybe(0.5, () =>
      fields.text(at - random.pick([0, 1, 1000, 60_000, random.integer(0, 3 * HOUR)])),
    ),
    ...failure(fields),
    usage: fields.maybe(0.5, () => fields.usageList()),
    costUsd: fields.maybe(0.25, () => fields.cost()),
    phases: fields.maybe(0.4, phases),
    artifacts: fields.maybe(0.5, artifacts),
    awaitMs: fields.maybe(0.4, () => random.pick([null, 0, 1, 1000, random.integer(0, 3 * HOUR)])),
    counters: fields.maybe(0.5, () => fields.counters()),
  };
  return [data, at];
}
