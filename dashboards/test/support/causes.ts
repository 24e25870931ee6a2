/** Data for one alert rule: what makes it fire at a moment, and nothing else, and what lets it resolve. */
export interface Cause {
  /** of the rule, without `runboard-` */
  readonly rule: string;
  /** of the group that it fires for */
  readonly labels?: Readonly<Record<string, string>>;
  readonly events: readonly object[];
  /** how much later it has resolved, in ms, and what came meanwhile */
  readonly later: number;
  readonly then?: readonly object[];
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

interface Run {
  readonly status?: string;
  readonly minutes?: number;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly agent?: string;
  readonly queueWaitMs?: number;
  readonly outcome?: object;
}

const iso = (at: number): string => new Date(at).toISOString();
const times = (count: number, make: (index: number) => object | object[]): object[] =>
  Array.from({ length: count }, (_, index) => make(index)).flat();

/** A cause for each rule, at that moment. */
export function causes(now: number): Cause[] {
  let made = 0;
  const event = (type: string, time: number, data: object, source = 'platform') => {
    made += 1;
    return { specversion: '1.0', source, id: `e${made}`, type, time: iso(time), data };
  };
  const started = (startedAt: number, more: object = {}, sessionId = 's'): object =>
    event('run.started', startedAt, { runId: 'r', sessionId, startedAt: iso(startedAt), ...more });
  const progressed = (at: number, more: object = {}): object =>
    event('run.progressed', at, { runId: 'r', at: iso(at), ...more });
  /** One that began so long ago, and has ended. */
  const run = (ago: number, told: Run = {}): object[] => {
    const { status = 'SUCCEEDED', minutes = 1, sessionId = 's', outcome = {}, ...more } = told;
    const [runId, from, to] = [`r${made}`, now - ago, now - ago + minutes * MINUTE];
    return [
      started(from, { runId, ...more }, sessionId),
      event('run.completed', to, { runId, completedAt: iso(to), status, ...outcome }),
    ];
  };
  const cost = (costUsd: number) => ({ outcome: { costUsd } });
  const failed = { status: 'FAILED' };
  const ann = event('user.upserted', now - DAY, { userId: 'ann', name: 'Ann', team: 'core' });
  const bob = event('user.upserted', now - DAY, { userId: 'bob', name: 'Bob', team: 'web' });
  const inRepo = (sessionId: string) =>
    event('session.created', now - 5 * DAY, { sessionId, createdAt: iso(now - 5 * DAY), repo: `acme/${sessionId}` });
  const core = { labels: { team: 'core' } };

  /** So much of a budget of 10 for each day, by an organization that has no usual yet. */
  const spent = (rule: string, usd: number): Cause => ({
    rule,
    labels: { budget: 'A day', budget_id: 'days' },
    events: [
      event('budget.set', now - DAY, { budgetId: 'days', name: 'A day', limitUsd: 10, period: 'day' }),
      ...run(3 * HOUR, cost(usd)),
    ],
    later: DAY,
  });

  return [
    {
      rule: 'failure-rate',
      ...core,
      // 7 of 20 against 6 of 20
      events: [
        ...[ann, bob],
        ...times(20, (n) => run(3 * HOUR, { userId: 'ann', ...(n < 7 && failed) })),
        ...times(20, (n) => run(3 * HOUR, { userId: 'bob', ...(n < 6 && failed) })),
      ],
      later: 4 * HOUR,
    },
    {
      rule: 'failure-pattern',
      labels: { failure_category: 'provider_error' },
      events: times(9, (n) => {
        const failureCategory = n < 5 ? 'provider_error' : 'tool_error';
        return run(30 * MINUTE, { ...failed, outcome: { failureCategory } });
      }),
      later: HOUR,
    },
    {
      rule: 'run-duration',
      events: times(20, (n) => run(5 * HOUR, { minutes: n < 3 ? 50 : 10 })),
      later: 2 * HOUR,
    },
    {
      rule: 'queue-wait',
      events: times(10, (n) => run(30 * MINUTE, { queueWaitMs: n < 2 ? 6 * MINUTE : 1_000 })),
      later: HOUR,
    },
    {
      rule: 'no-runs',
      events: [...times(5, () => run(7 * DAY + 30 * MINUTE)), ...run(2 * HOUR)],
      later: 5 * MINUTE,
      then: run(-4 * MINUTE),
    },
    {
      rule: 'stuck',
      ...core,
      events: [ann, started(now - 30 * MINUTE, { userId: 'ann' }), progressed(now - 10 * MINUTE)],
      later: MINUTE,
      then: [progressed(now + MINUTE)],
    },
    {
      rule: 'context',
      ...core,
      events: [
        ...[ann, started(now - 5 * MINUTE, { userId: 'ann' })],
        progressed(now - MINUTE, { contextTokens: 162_000, contextLimit: 200_000 }),
      ],
      later: MINUTE,
      then: [progressed(now + MINUTE, { contextTokens: 40_000, contextLimit: 200_000 })],
    },
    {
      rule: 'cost-spike',
      ...core,
      // 45 against a median of 20: of the fourth week before not all is kept
      events: [
        ...[ann, bob],
        ...[20, 10, 30, 99].flatMap((usd, n) => run((n + 1) * 7 * DAY + 3 * HOUR, { userId: 'ann', ...cost(usd) })),
        ...run(3 * HOUR, { userId: 'ann', sessionId: 'dear', ...cost(45) }),
        ...[20, 10, 30, 20, 0].flatMap((usd, n) => run(n * 7 * DAY + 3 * HOUR, { userId: 'bob', ...cost(usd) })),
      ],
      later: DAY,
    },
    spent('budget-75', 7.5),
    spent('budget-95', 9.5),
    spent('budget-100', 10),
    // of this day 14 hours and 20 minutes are over: 10.88
    spent('budget-projected', 6.5),
    {
      rule: 'runaway',
      // 1 of 101 is more than 99 % of them
      events: [
        ...times(100, (n) => run(3 * DAY, { sessionId: `s${n}`, ...cost(1) })),
        ...run(30 * MINUTE, { sessionId: 'runaway', ...cost(6) }),
      ],
      later: HOUR,
    },
    {
      rule: 'chronic-burn-repo',
      labels: { repo: 'acme/lost' },
      events: [
        ...['lost', 'found'].map(inRepo),
        ...times(5, () => run(30 * HOUR, { ...failed, sessionId: 'lost', ...cost(6) })),
        ...times(5, (n) => run(30 * HOUR, { ...(n > 0 && failed), sessionId: 'found', ...cost(6) })),
      ],
      later: MINUTE,
      then: run(2 * MINUTE, { sessionId: 'lost' }),
    },
    {
      rule: 'chronic-burn-agent',
      labels: { agent: 'painter' },
      events: [
        ...times(5, () => run(30 * HOUR, { ...failed, agent: 'painter', ...cost(6) })),
        ...times(5, (n) => run(30 * HOUR, { ...(n > 0 && failed), agent: 'mason', ...cost(6) })),
      ],
      later: MINUTE,
      then: run(2 * MINUTE, { agent: 'painter' }),
    },
    {
      rule: 'stale-source',
      labels: { source: 'laptop' },
      events: [
        event('user.upserted', now - 4 * DAY, { userId: 'ann' }, 'laptop'),
        event('user.upserted', now - 15 * DAY, { userId: 'bob' }, 'old laptop'),
        event('user.upserted', now - 5 * DAY, { userId: 'cem' }, 'runboard:cli'),
        ...run(2 * DAY),
      ],
      later: MINUTE,
      then: [event('user.upserted', now + MINUTE, { userId: 'ann' }, 'laptop')],
    },
    {
      rule: 'unpriced-model',
      labels: { call_model: 'mystery-1' },
      events: ['mystery-1', 'mystery-2'].flatMap((model, n) =>
        run(3 * HOUR, {
          outcome: { usage: [{ model, inputTokens: n === 0 ? 10_001 : 9_000, outputTokens: 0 }] },
        }),
      ),
      later: DAY,
    },
  ];
}
