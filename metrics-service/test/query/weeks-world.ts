import { expect } from '@jest/globals';
import { queryAnswer } from '../../src/contract/frames.js';
import { headersOf, type TestViewer } from '../access/viewers.js';
import { startWorld, type QueryResult } from './world.js';

const DAY = 86_400_000;
/** a Monday, 05:00 UTC */
const MONDAY = Date.UTC(2026, 9, 5, 5);
const NOW = Date.UTC(2026, 10, 28);

interface Week {
  runs: number;
  failed?: number;
  costUsd?: number;
  repo?: string;
}

/** So many runs on the Monday of each week, the first week being that of 5 October, after a first event in September. */
function weeks(...all: Week[][]): object[] {
  const event = (id: string, type: string, data: object, time?: number) => ({
    ...{ specversion: '1.0', source: 's', id, type, data },
    ...(time === undefined ? {} : { time: new Date(time).toISOString() }),
  });
  return all.flatMap((groups, week) =>
    groups.flatMap(({ runs, failed = 0, costUsd, repo = 'web' }) =>
      Array.from({ length: runs }, (_, index) => {
        const [id, at] = [`${repo}-${week}-${index}`, MONDAY + week * 7 * DAY + index];
        const startedAt = new Date(at).toISOString();
        const status = index < failed ? 'FAILED' : 'SUCCEEDED';
        return [
          event(`c-${id}`, 'session.created', {
            sessionId: `s-${repo}`,
            createdByUserId: 'u',
            createdAt: startedAt,
            repo,
          }),
          event(`s-${id}`, 'run.started', { runId: id, sessionId: `s-${repo}`, startedAt, userId: 'u' }),
          event(`e-${id}`, 'run.completed', {
            ...{ runId: id, status, completedAt: new Date(at + 1000).toISOString() },
            ...(costUsd === undefined ? {} : { costUsd }),
          }),
        ];
      }).flat(),
    ),
  );
}

const EARLY = {
  ...{ specversion: '1.0', source: 's', id: 'first', type: 'user.upserted', time: '2026-09-01T00:00:00Z' },
  data: { userId: 'u', name: 'U' },
};

export interface Weeks {
  /** The answer to one question about the week of 12 October of that organization. */
  ask(name: string, query: object, viewer?: TestViewer): Promise<QueryResult>;
  stop(): Promise<void>;
}

/** Organizations whose runs of one week are more, fewer, better or worse than those of the week before. */
export async function startWeeks(): Promise<Weeks> {
  const world = await startWorld([], NOW);
  const of = async (name: string, events: object[], publicVisibility: 'totals' | 'nothing' = 'totals') => {
    const token = await world.organization(name, { publicVisibility }, ['ingest', 'directory', 'read', 'delegate']);
    if (events.length > 0) await world.accept(token, events);
    return [name, token] as const;
  };
  const tokens = Object.fromEntries([
    // 90 of 100 succeeded, then 80 of 120, each run at twice the price
    await of('worse', [
      EARLY,
      ...weeks([{ runs: 100, failed: 10, costUsd: 1 }], [{ runs: 120, failed: 40, costUsd: 2 }]),
    ]),
    await of('noise', [EARLY, ...weeks([{ runs: 100, failed: 10 }], [{ runs: 113, failed: 12 }])]),
    await of('young', weeks([{ runs: 30 }], [{ runs: 60 }])),
    await of('three', [EARLY, ...weeks([{ runs: 2 }], [{ runs: 3, failed: 1 }])]),
    await of('none', []),
    await of('closed', [EARLY, ...weeks([{ runs: 30 }], [{ runs: 60 }])], 'nothing'),
    await of('many', [
      EARLY,
      ...weeks(
        [
          { runs: 20, failed: 10 },
          { runs: 20, failed: 2, repo: 'api' },
          { runs: 4, failed: 2, repo: 'few' },
        ],
        [
          { runs: 40, failed: 4 },
          { runs: 22, failed: 2, repo: 'api' },
          { runs: 8, failed: 1, repo: 'few' },
        ],
      ),
    ]),
  ]);
  async function ask(name: string, query: object, viewer?: TestViewer): Promise<QueryResult> {
    // the week of 12 October
    const window = { from: Date.UTC(2026, 9, 12), to: Date.UTC(2026, 9, 19) };
    const { body } = await world.request('/v1/query', {
      token: tokens[name]!,
      body: { ...window, queries: [{ refId: 'A', ...query }] },
      ...(viewer ? { headers: headersOf(viewer) } : {}),
    });
    expect(queryAnswer.safeParse(body).error).toBeUndefined();
    return body.results.A;
  }
  return { ask, stop: () => world.stop() };
}
