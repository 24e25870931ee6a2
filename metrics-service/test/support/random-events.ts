import fc from 'fast-check';
import type { SentEvent } from '../oracle/types.js';
import { Random } from './random.js';
import { instantNear, type Occasion, OCCASIONS, timeText } from './random-times.js';

/** The small world of the random events: few ids, so that they collide. */
export const WORLD = {
  users: ['ada', 'bob', 'Zoë', '😀', '｡user'],
  names: ['Ada', 'ada l.', 'Bob', 'Émile', '😀 name'],
  emails: ['ada@example.com', 'bob@example.com'],
  teams: ['core', 'Core', 'web', 'ünit'],
  sessions: ['s1', 's2', 's3', 'S1', 's-😀'],
  repos: ['web', 'api', 'Web'],
  workspaces: ['w1', 'w2'],
  runtimes: ['claude-code', 'codex'],
  runs: ['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'R1', 'r-é', 'r-😀', 'r-｡'],
  taskTypes: ['bugfix', 'feature'],
  phases: ['plan', 'edit', 'test'],
  models: [
    'claude-opus-4-6',
    'claude-opus-4-6-20260205',
    'anthropic/claude-haiku-4-5',
    'us.anthropic.claude-haiku-4-5@20251001',
    'claude-haiku-5-5[1m]',
    'claude-sonnet-5-5-latest',
    'gpt-5.4-2026-03-05',
    'mystery-1',
    'claude-opus-4-60',
  ],
} as const;

const CATEGORIES = ['agent_error', 'tool_error', 'rate_limited', 'unknown'];
const STATUSES = ['SUCCEEDED', 'SUCCEEDED', 'FAILED', 'FAILED', 'CANCELED', 'TIMEOUT'];
const METHODS = ['TELEPORT', 'OPEN_IN_CLI', 'DOWNLOAD_PATCH'];
const HOUR = 3_600_000;

type Data = Record<string, unknown>;

/** Writes one event after the other about the same small world, around one occasion. */
class EventWriter {
  private readonly instants: number[];

  constructor(
    private readonly random: Random,
    occasion: Occasion,
    private readonly postHandoffMs: number,
  ) {
    this.instants = Array.from({ length: 40 }, () => instantNear(random, occasion.at));
  }

  private at(): number {
    const { random } = this;
    const at = random.pick(this.instants);
    if (random.chance(0.6)) return at;
    // beside another thing's moment: the same, a little later, or exactly at the end of the time after a handoff
    return (
      at +
      random.weighted([
        [2, random.pick([-1, 1])],
        [2, this.postHandoffMs + random.integer(-1, 1)],
        [3, random.integer(1, 90) * 60_000],
        [2, random.integer(0, 5 * HOUR)],
      ])
    );
  }

  private text(at: number): string {
    return timeText(this.random, at);
  }

  /** Absent, null, "" (clears) or a value. */
  private optional(values: readonly string[]): string | null | undefined {
    return this.random.weighted<string | null | undefined>([
      [6, this.random.pick(values)],
      [2, undefined],
      [1, null],
      [1, ''],
    ]);
  }

  private maybe<T>(probability: number, value: () => T): T | undefined {
    return this.random.chance(probability) ? value() : undefined;
  }

  private usage(model: string): Data {
    const { random } = this;
    const huge = model === 'mystery-1' && random.chance(0.05);
    const inputTokens = random.weighted([
      [1, 0],
      [6, random.integer(1, 5000)],
      [1, random.pick([100_000, 100_001, 272_000, 272_001])],
      [huge ? 5 : 0, Number.MAX_SAFE_INTEGER],
    ]);
    const usage: Data = { inputTokens, outputTokens: random.pick([0, 1, 10, 10, random.integer(0, 3000)]) };
    const read = Math.floor(inputTokens * random.pick([0, 0.25, 0.5]));
    if (random.chance(0.6)) usage.cacheReadTokens = random.chance(0.1) ? null : read;
    if (random.chance(0.5) && !model.startsWith('gpt')) {
      const write = Math.floor((inputTokens - read) * random.pick([0, 0.5, 0.5, 1]));
      usage.cacheWriteTokens = write;
      if (random.chance(0.5)) usage.cacheWrite1hTokens = random.integer(0, write);
    }
    if (random.chance(0.2)) usage.reasoningTokens = 1;
    return usage;
  }

  private usageList(): Data[] {
    const models = Array.from({ length: this.random.integer(1, 3) }, () => this.random.pick(WORLD.models));
    return models.map((model) => ({ model, ...this.usage(model) }));
  }

  private cost(): unknown {
    const { random } = this;
    return random.pick<unknown>([
      0,
      '0',
      0.1 + 0.2,
      '0.10',
      '0.0000000005',
      '0.0000000015',
      '0.0000000025000001',
      1e-9,
      5e-10,
      1_000_000,
      '1000000.000000000',
      '12.345678901',
      random.integer(1, 10_000) / 1000,
    ]);
  }

  private data(type: string): [data: Data, moment: number] {
    const { random } = this;
    const at = this.at();
    const now = this.text(at);
    const sessionId = random.pick(WORLD.sessions);
    const runId = random.pick(WORLD.runs);
    const userId = this.optional(WORLD.users);
    switch (type) {
      case 'user.upserted':
        return [
          {
            userId: random.pick(WORLD.users),
            name: this.optional(WORLD.names),
            email: this.optional(WORLD.emails),
            team: this.optional(WORLD.teams),
            role: this.maybe(0.3, () => random.pick(['admin', 'manager', 'member'])),
          },
          at,
        ];
      case 'session.created':
        return [
          {
            sessionId,
            createdAt: now,
            createdByUserId: this.optional(WORLD.users),
            repo: this.optional(WORLD.repos),
            workspace: this.optional(WORLD.workspaces),
            runtime: this.optional(WORLD.runtimes),
            title: this.optional(['a title']),
            parentSessionId: this.maybe(0.1, () => 's-parent'),
          },
          at,
        ];
      case 'message.created':
        return [
          {
            messageId: `m${random.integer(1, 14)}`,
            sessionId,
            role: random.pick(['user', 'agent', 'system']),
            sentAt: now,
            userId,
            text: this.optional(['hello']),
          },
          at,
        ];
      case 'run.queued':
        return [
          {
            runId,
            sessionId,
            userId,
            queuedAt: now,
            model: this.optional(WORLD.models),
            taskType: this.optional(WORLD.taskTypes),
          },
          at,
        ];
      case 'run.started':
        return [
          {
            runId,
            sessionId,
            userId,
            startedAt: now,
            queueWaitMs: this.maybe(0.3, () => random.pick([0, 1, 1500, random.integer(0, HOUR)])),
            model: this.optional(WORLD.models),
            taskType: this.optional(WORLD.taskTypes),
            agent: this.optional(['agent-1']),
          },
          at,
        ];
      case 'run.progressed':
        return [
          {
            runId,
            at: now,
            usage: this.maybe(0.7, () => this.usageList()),
            phase: this.optional(WORLD.phases),
            contextTokens: this.maybe(0.3, () => random.integer(0, 100_000)),
          },
          at,
        ];
      case 'run.completed':
        return this.completed(runId, at);
      case 'llm_call.recorded': {
        const model = random.pick(WORLD.models);
        return [
          {
            callId: `c${random.integer(1, 12)}`,
            sessionId,
            runId: random.chance(0.5) ? this.optional(WORLD.runs) : undefined,
            at: now,
            model,
            usage: this.usage(model),
            costUsd: this.maybe(0.2, () => this.cost()),
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
        return [{ runId }, at];
      default:
        return [{ sessionId }, at];
    }
  }

  private completed(runId: string, at: number): [data: Data, moment: number] {
    const { random } = this;
    const status = random.pick(STATUSES);
    const testsRun = random.pick([0, 3, 10]);
    const phases = (): Data[] =>
      Array.from({ length: random.integer(1, 4) }, () => {
        const startedAt = this.at();
        const completedAt = startedAt + random.pick([0, 1, 60_000, random.integer(0, HOUR)]);
        return {
          name: random.pick(WORLD.phases),
          startedAt: this.text(startedAt),
          completedAt: this.text(completedAt),
        };
      });
    const artifacts = (): Data => ({
      filesChanged: this.maybe(0.8, () => random.integer(0, 9)),
      linesAdded: this.maybe(0.8, () => random.integer(0, 500)),
      linesDeleted: this.maybe(0.8, () => random.pick([null, 0, 12])),
      ...(random.chance(0.7) ? { testsRun, testsPassed: this.maybe(0.7, () => random.integer(0, testsRun)) } : {}),
    });
    const data = {
      runId,
      completedAt: this.text(at),
      status,
      sessionId: this.maybe(0.3, () => random.pick(WORLD.sessions)),
      startedAt: this.maybe(0.5, () => this.text(at - random.pick([0, 1, 1000, 60_000, random.integer(0, 3 * HOUR)]))),
      failureCategory: random.chance(0.6) ? random.pick([...CATEGORIES, null]) : undefined,
      errorSummary: this.optional(['it broke']),
      usage: this.maybe(0.5, () => this.usageList()),
      costUsd: this.maybe(0.25, () => this.cost()),
      phases: this.maybe(0.4, phases),
      artifacts: this.maybe(0.5, artifacts),
    };
    return [data, at];
  }

  /** One event; `time` is missing, its own moment, or another's (so that corrections and ties abound). */
  write(type: string, source: string, id: string): SentEvent {
    const [data, moment] = this.data(type);
    const mustCarry = type === 'user.upserted' || type.endsWith('.deleted');
    const time = this.random.weighted([
      [mustCarry ? 0 : 4, undefined],
      [2, this.text(moment)],
      [2, this.text(this.random.pick(this.instants))],
      [1, this.text(this.instants[0]!)],
    ]);
    const said = Object.entries(data).filter(([, value]) => value !== undefined);
    const event: SentEvent = { specversion: '1.0', source, id, type, data: Object.fromEntries(said) };
    if (time !== undefined) event.time = time;
    return event;
  }
}

const TYPES = [
  [2, 'user.upserted'],
  [3, 'session.created'],
  [4, 'message.created'],
  [2, 'run.queued'],
  [8, 'run.started'],
  [2, 'run.progressed'],
  [7, 'run.completed'],
  [6, 'llm_call.recorded'],
  [3, 'handoff.created'],
  [0.6, 'run.deleted'],
  [0.4, 'session.deleted'],
] as const;

export interface RandomWorldOptions {
  /** number of events; random if not given */
  count?: number;
  /** the time after a handoff in which a run follows it; a day by default */
  postHandoffMs?: number;
}

/**
 * A list of valid events, all with different (source, id), about one small world around one occasion of the calendar:
 * corrections, contradictions, deletions and revivals, orphans, equal times, entities that are never created.
 */
export function randomEvents(
  seed: number,
  { count, postHandoffMs = 24 * HOUR }: RandomWorldOptions = {},
): { events: SentEvent[]; occasion: Occasion } {
  const random = new Random(seed);
  const occasion = random.pick(OCCASIONS);
  const writer = new EventWriter(random, occasion, postHandoffMs);
  const size = count ?? random.pick([3, 15, 60, 120, 200]);
  const used = new Set<string>();
  const events: SentEvent[] = [];
  while (events.length < size) {
    const source = random.pick(['a', 'b', 'B', 'é']);
    const id = `${random.pick(['e', 'E', '😀', '｡'])}${random.integer(1, size)}`;
    if (used.has(JSON.stringify([source, id]))) continue;
    used.add(JSON.stringify([source, id]));
    events.push(writer.write(random.weighted(TYPES), source, id));
  }
  return { events, occasion };
}

/** Random events for fast-check: a failing list is shrunk by leaving events out. */
export function eventsArbitrary(options: RandomWorldOptions = {}): fc.Arbitrary<SentEvent[]> {
  return fc
    .noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 }))
    .chain((seed) => fc.subarray(randomEvents(seed, options).events));
}
