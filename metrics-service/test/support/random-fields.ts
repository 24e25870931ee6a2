import type { EventType } from '../../src/contract/events.js';
import { dataSchema, known, sample, type JsonSchema } from './json-schema.js';
import type { Random } from './random.js';
import { instantNear, type Occasion, timeText } from './random-times.js';

/** The small world of the random events: few ids, so that they collide. */
export const WORLD = {
  users: ['ada', 'bob', 'Zoë', '😀', '｡user'],
  names: ['Ada', 'ada l.', 'Bob', 'Émile', '😀 name'],
  emails: ['ada@example.com', 'bob@example.com'],
  teams: ['core', 'Core', 'web', 'ünit'],
  sessions: ['s1', 's2', 's3', 'S1', 's-😀'],
  sources: ['a', 'b', 'B', 'é'],
  /** of three kinds, and one without */
  errors: [
    '2 of 40 tests failed',
    '11 of 38 tests failed',
    "cannot open '/home/ada/a.ts'",
    'cannot open "b.ts"',
    'it broke',
    '...',
  ],
  repos: ['web', 'api', 'Web', 'acme/web', 'git@github.com:acme/web.git', 'https://GitHub.com/acme/web'],
  workspaces: ['w1', 'w2'],
  runtimes: ['claude-code', 'codex'],
  tools: ['Bash', 'Edit', 'mcp__github__search', 'é 😀'],
  keys: ['prompt:s1:p1', 'prompt:s2:p1', 'k', 'trace:t1:a', 'codex:s1:a', 'codex:s1'],
  agents: ['agent-1', 'Agent-1', 'agent-2'],
  counters: ['candidates', 'Candidates', 'a "b\'c', 'constructor', 'é 😀'],
  requests: ['req-1', 'c1', 'c2'],
  runs: ['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'R1', 'r-é', 'r-😀', 'r-｡'],
  workItems: ['MIN-1', 'min-1', 'acme/web#7', 'https://example.org/browse/MIN-2?a=b', 'é 😀', '｡item'],
  budgets: ['b1', 'B1', 'budget 😀'],
  stages: ['stage-1', 'stage-2'],
  taskTypes: ['bugfix', 'feature'],
  phases: ['plan', 'edit', 'test', 'waiting'],
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

/** What is said of a session's or a run's attribute: few values, so that they meet. */
export function attributeValues(dimension: string): readonly string[] {
  const { repos: repo, workspaces: workspace, runtimes: runtime, taskTypes: task_type } = WORLD;
  const listed: Record<string, readonly string[]> = { repo, workspace, runtime, task_type };
  return listed[dimension] ?? [`${dimension}-1`, `${dimension}-2`];
}

const HOUR = 3_600_000;

export type Data = Record<string, unknown>;

/** Random values of the fields of events about one small world, around one occasion. */
export class RandomFields {
  readonly instants: number[];

  constructor(
    readonly random: Random,
    occasion: Occasion,
    private readonly postHandoffMs: number,
  ) {
    this.instants = Array.from({ length: 40 }, () => instantNear(random, occasion.at));
  }

  /** A moment: one of a few, or right beside one. */
  at(): number {
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

  text(at: number): string {
    return timeText(this.random, at);
  }

  /** Absent, null, "" (clears) or a value. */
  optional(values: readonly string[]): string | null | undefined {
    return this.random.weighted<string | null | undefined>([
      [6, this.random.pick(values)],
      [2, undefined],
      [1, null],
      [1, ''],
    ]);
  }

  /** Those of the attributes that events of that type may state. */
  attributes(type: string, members: Readonly<Record<string, string>>): Data {
    const { properties = {} } = dataSchema(type as EventType);
    const stated = Object.entries(members).filter(([, member]) => member in properties);
    return Object.fromEntries(stated.map(([dimension, member]) => [member, this.optional(attributeValues(dimension))]));
  }

  maybe<T>(probability: number, value: () => T): T | undefined {
    return this.random.chance(probability) ? value() : undefined;
  }

  /** Data of any type of event, as its schema says; it names the things of the small world. */
  dataOf(type: EventType): Data {
    const name = type.split('.')[0]!;
    const { properties, required = [] } = dataSchema(type);
    const values = Object.entries(properties!).map(([member, schema]) => {
      const isAbsent = !required.includes(member) && this.random.chance(0.3);
      return [member, isAbsent ? undefined : this.valueOf(member, schema, name)];
    });
    return Object.fromEntries(values) as Data;
  }

  private valueOf(member: string, schema: JsonSchema, name: string): unknown {
    const { random } = this;
    if (member === 'sessionId') return random.pick(WORLD.sessions);
    if (member === 'runId') return random.pick(WORLD.runs);
    if (member === 'stage') return random.pick(WORLD.stages);
    if (['workItemId', 'parentId'].includes(member)) return random.pick(WORLD.workItems);
    if (/userId$/i.test(member)) return random.pick(WORLD.users);
    const { type, format, enum: values } = known(schema);
    if (values) return random.pick(values);
    if (format === 'date-time') return this.text(this.at());
    if (format === 'uri-reference') return `https://example.org/${name}/${random.integer(1, 7)}`;
    if (type === 'string') return `${name} ${random.integer(1, 7)}`;
    if (type === 'integer' || type === 'number') return random.integer(0, 1000);
    return sample(schema);
  }

  usage(model: string): Data {
    const { random } = this;
    const huge = random.chance(0.01);
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

  /** Mostly what says nothing special; of the rest some is in no price list. */
  callTerms(model: string): Data {
    const { random } = this;
    const tiers = model.startsWith('gpt') ? ['batch', 'priority'] : ['batch', 'priority', 'provisioned'];
    return {
      tier: random.chance(0.3) ? this.optional(['standard', 'default', 'auto', ...tiers]) : undefined,
      speed: random.chance(0.3) ? this.optional(['standard', 'normal', 'fast', 'slow']) : undefined,
      region: random.chance(0.3) ? this.optional(['global', 'not_available', 'us', 'eu']) : undefined,
      webSearches: this.maybe(0.2, () => random.pick([null, 0, 1, 3])),
    };
  }

  usageList(): Data[] {
    const models = Array.from({ length: this.random.integer(1, 3) }, () => this.random.pick(WORLD.models));
    return models.map((model) => ({ model, ...this.usage(model) }));
  }

  /** Where a session or run is shown. */
  url(): string | null | undefined {
    return this.optional(['https://example.org/a', 'http://example.org/b?c=é#d']);
  }

  /** Numbers that do not add up exactly as doubles, of very different sizes. */
  counters(): Data {
    const { random } = this;
    const numbers = [0, 1, 3, -2, 0.1, 0.2, -0.3, 1e-9, 1e16, 2 ** 53, -1e300, 5e-324, 1e300, null];
    const names = random.some(WORLD.counters, random.integer(0, 3));
    return Object.fromEntries(names.map((name) => [name, random.pick([...numbers, random.integer(0, 50)])]));
  }

  files(): Data[] {
    const { random } = this;
    return Array.from({ length: random.integer(0, 3) }, () => ({
      path: random.pick(['src/a.ts', 'src/b.ts', 'README.md', 'é 😀', '']),
      operation: random.pick(['read', 'created', 'modified', 'deleted']),
      linesAdded: this.maybe(0.5, () => random.pick([null, 0, 12])),
      linesDeleted: this.maybe(0.5, () => random.integer(0, 5)),
    }));
  }

  cost(): unknown {
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
      1e-30,
      '999999.9999999995',
      random.integer(1, 10_000) / 1000,
    ]);
  }
}
