import { eventTypes, type EventType } from '../../src/contract/events.js';
import { RUN_ATTRIBUTES, type SentEvent, SESSION_ATTRIBUTES } from '../oracle/types.js';
import type { Random } from './random.js';
import { type Data, type RandomFields, WORLD } from './random-fields.js';

/** What metrics are made of, as often as a world needs it. */
export const WEIGHTS: [weight: number, type: string][] = [
  [2, 'user.upserted'],
  [3, 'session.created'],
  [1, 'session.seen'],
  [0.7, 'session.ended'],
  [0.7, 'session.settled'],
  [4, 'message.created'],
  [2, 'run.queued'],
  [8, 'run.started'],
  [1, 'run.seen'],
  [2, 'run.progressed'],
  [1, 'run.errored'],
  [1, 'run.stopped'],
  [7, 'run.completed'],
  [6, 'llm_call.recorded'],
  [5, 'tool_call.recorded'],
  [3, 'handoff.created'],
  [1, 'session.linked'],
  [2, 'work_item.upserted'],
  [2, 'work_item.closed'],
  [1, 'work_item.reopened'],
  [1, 'work_item.reviewed'],
  [2, 'escalation.recorded'],
  [0.5, 'escalation.resolved'],
  [0.6, 'run.deleted'],
  [0.4, 'session.deleted'],
];
export const WRITTEN = new Set(WEIGHTS.map(([, type]) => type));

const CATEGORIES = ['agent_error', 'tool_error', 'rate_limited', 'unknown'];
const STATUSES = ['SUCCEEDED', 'SUCCEEDED', 'FAILED', 'FAILED', 'CANCELED', 'TIMEOUT'];
const METHODS = ['TELEPORT', 'OPEN_IN_CLI', 'DOWNLOAD_PATCH'];
/** Who says who somebody is. */
const OF_DIRECTORY = ['role', 'team', 'kind', 'aliases'];
const HOUR = 3_600_000;

/** Writes one event after the other about the same small world. */
export class EventWriter {
  private readonly random: Random;

  constructor(private readonly fields: RandomFields) {
    this.random = fields.random;
  }

  private data(type: string): [data: Data, moment: number] {
    const { random, fields } = this;
    const at = fields.at();
    const now = fields.text(at);
    const sessionId = random.pick(WORLD.sessions);
    const runId = random.pick(WORLD.runs);
    const userId = fields.optional(WORLD.users);
    const key = random.chance(0.15) ? random.pick(WORLD.keys) : undefined;
    // tied by its key alone, or named beside it
    const run = key !== undefined && random.chance(0.4) ? { key } : { runId, key };
    const inSession = key !== undefined && random.chance(0.4) ? { key } : { sessionId, key };
    switch (type) {
      case 'user.upserted':
        return [
          {
            userId: random.pick(WORLD.users),
            name: fields.optional(WORLD.names),
            email: fields.optional(WORLD.emails),
            team: fields.optional(WORLD.teams),
            role: fields.maybe(0.3, () => random.pick(['admin', 'manager', 'member'])),
            kind: fields.maybe(0.3, () => random.pick(['person', 'service', ''])),
            aliases: fields.maybe(0.3, () => random.some(WORLD.users, random.pick([0, 1, 1, 2]))),
          },
          at,
        ];
      case 'session.created':
        return [
          {
            sessionId,
            createdAt: now,
            createdByUserId: fields.optional(WORLD.users),
            ...fields.attributes(type, SESSION_ATTRIBUTES),
            workItemId: fields.optional(WORLD.workItems),
            stage: fields.optional(WORLD.stages),
            title: fields.optional(['a title']),
            url: fields.url(),
            parentSessionId: fields.maybe(0.1, () => 's-parent'),
          },
          at,
        ];
      case 'session.seen':
        return [
          {
            sessionId,
            at: now,
            userId: fields.optional(WORLD.users),
            ...fields.attributes(type, SESSION_ATTRIBUTES),
            workItemId: fields.optional(WORLD.workItems),
          },
          at,
        ];
      case 'session.ended':
        return [
          {
            sessionId,
            at: now,
            status: fields.maybe(0.4, () => random.pick([...STATUSES, ''])),
            failureCategory: fields.maybe(0.4, () => random.pick(CATEGORIES)),
          },
          at,
        ];
      case 'session.settled': {
        // beside the two hours after which a silent session counts as settled, or a day
        const through = at + random.pick([0, 2 * HOUR - 1, 2 * HOUR, 24 * HOUR]);
        return [{ sessionId, through: fields.text(through) }, through];
      }
      case 'message.created':
        return [
          {
            // some have an id that was made of a key, and give way to those that have not
            messageId: `${random.chance(0.2) ? 'key:' : ''}m${random.integer(1, 14)}`,
            ...inSession,
            role: random.pick(['user', 'agent', 'system']),
            sentAt: now,
            userId,
            text: fields.optional(['hello']),
          },
          at,
        ];
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
            ...(key === undefined ? {} : this.span(0.6)),
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
        return [{ ...run, at: now, ...this.failure() }, at];
      case 'run.stopped':
        return [{ ...run, at: now, status: random.pick(STATUSES), ...this.failure() }, at];
      case 'run.completed':
        return this.completed(run, at);
      case 'tool_call.recorded': {
        const startedAt = fields.maybe(0.7, () => now);
        return [
          {
            toolCallId: `t${random.integer(1, 12)}`,
            ...inSession,
            runId: random.chance(0.3) ? fields.optional(WORLD.runs) : undefined,
            name: random.pick(WORLD.tools),
            startedAt,
            completedAt:
              startedAt === undefined || random.chance(0.5) ? fields.text(at + random.pick([0, 60_000])) : undefined,
            status: fields.maybe(0.6, () => random.pick(['SUCCEEDED', 'FAILED', 'REJECTED'])),
            rejectedBy: fields.maybe(0.5, () => random.pick(['person', 'policy'])),
            files: fields.maybe(0.3, () => fields.files()),
            input: fields.optional(['ls']),
            awaitStartedAt: fields.maybe(0.3, () => fields.text(at + random.pick([-90_000, -1000, 0, 1000]))),
            awaitMs: fields.maybe(0.4, () => random.pick([null, 0, 1, 1000, 60_000, random.integer(0, 3 * HOUR)])),
            ...this.span(0.5),
          },
          at,
        ];
      }
      case 'llm_call.recorded': {
        const model = random.pick(WORLD.models);
        return [
          {
            callId: random.chance(0.2) ? `request:${random.pick(WORLD.requests)}` : `c${random.integer(1, 12)}`,
            ...inSession,
            requestId: random.chance(0.4) ? fields.optional(WORLD.requests) : undefined,
            runId: random.chance(0.5) ? fields.optional(WORLD.runs) : undefined,
            at: now,
            model,
            usage: fields.usage(model),
            costUsd: fields.maybe(0.2, () => fields.cost()),
            ...fields.callTerms(model),
            phase: random.chance(0.5) ? fields.optional(WORLD.phases) : undefined,
            parentSpanId: this.span(0.5).parentSpanId,
            failureCategory: fields.maybe(0.15, () => random.pick(CATEGORIES)),
            errorSummary: fields.optional(WORLD.errors),
          },
          at,
        ];
      }
      case 'handoff.created':
        return [
          { handoffId: `h${random.integer(1, 7)}`, sessionId, userId, occurredAt: now, method: random.pick(METHODS) },
          at,
        ];
      case 'run.deleted':
        return [run, at];
      default:
        return [fields.dataOf(type as EventType), at];
    }
  }

  /** Where something lies in a trace of a few spans, some of which are nowhere. */
  private span(probability: number): Data {
    const { random } = this;
    if (!random.chance(probability)) return {};
    const spans = ['a1', 'a2', 'a3', 'x'];
    return { spanId: random.pick(spans), parentSpanId: random.chance(0.7) ? random.pick(spans) : undefined };
  }

  private failure(): Data {
    const { random, fields } = this;
    return {
      failureCategory: random.chance(0.6) ? random.pick([...CATEGORIES, null]) : undefined,
      errorSummary: fields.optional(WORLD.errors),
    };
  }

  private completed(run: Data, at: number): [data: Data, moment: number] {
    const { random, fields } = this;
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
      ...this.failure(),
      usage: fields.maybe(0.5, () => fields.usageList()),
      costUsd: fields.maybe(0.25, () => fields.cost()),
      phases: fields.maybe(0.4, phases),
      artifacts: fields.maybe(0.5, artifacts),
      awaitMs: fields.maybe(0.4, () => random.pick([null, 0, 1, 1000, random.integer(0, 3 * HOUR)])),
      counters: fields.maybe(0.5, () => fields.counters()),
    };
    return [data, at];
  }

  /** One event; `time` is missing, its own moment, or another's (so that corrections and ties abound). */
  write(type: string, { source, id, rank }: { source: string; id: string; rank: 0 | 1 }): SentEvent {
    const [data, moment] = this.data(type);
    // the oracle knows the moments of what metrics read
    const mustCarry = eventTypes[type as EventType].moment === null || !WRITTEN.has(type);
    const time = this.random.weighted([
      [mustCarry ? 0 : 4, undefined],
      [2, this.fields.text(moment)],
      [2, this.fields.text(this.random.pick(this.fields.instants))],
      [2, this.fields.text(this.fields.instants[0]!)],
    ]);
    const isSaid = (member: string, value: unknown): boolean =>
      value !== undefined && (rank === 1 || !OF_DIRECTORY.includes(member) || value === null);
    const said = Object.entries(data).filter(([member, value]) =>
      isSaid(type === 'user.upserted' ? member : '', value),
    );
    const event: SentEvent = { specversion: '1.0', source, id, type, data: Object.fromEntries(said) };
    if (rank === 0) event.runboardrank = 0;
    if (time !== undefined) event.time = time;
    return event;
  }
}
