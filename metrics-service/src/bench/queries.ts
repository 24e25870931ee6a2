import type { Request } from 'autocannon';
import { listOrganizations } from '../access/organizations.js';
import { DEMO_ORGANIZATION, loadDemo } from '../demo/load.js';
import { Failure } from '../failure.js';
import { createIngest } from '../ingest/index.js';
import { loadPrices } from '../pricing/index.js';
import type { BenchDatabase } from './database.js';
import { OVERVIEW } from './overview.js';
import { withBenchService, type BenchService } from './service.js';
import { makeSums } from './sums.js';

const DAY_MS = 86_400_000;
const CONNECTIONS = 32;
const QUERIES_PER_SECOND = 500;

/** Queries of the boards of a small organization, one per request. */
const QUESTIONS = [
  ...OVERVIEW,
  ...['runs', 'active_users', 'run_success_rate', 'total_cost'].map((metric) => ({
    refId: metric,
    view: 'total',
    compare: 'previous',
    metrics: [metric],
  })),
  { refId: 'teams', view: 'table', metrics: ['runs', 'total_cost'], groupBy: ['team'] },
  { refId: 'sessions', view: 'sessions', limit: 20 },
];

export interface Load {
  perSecond: number;
  medianMs: number;
  /** 97.5 % are faster; measured from when a request should have been sent */
  p975Ms: number;
}

/** Large answers: each of these is a megabyte or so, over the demo organization. */
const LARGE = [
  { refId: 'all sessions', view: 'sessions', limit: 10_000 },
  { refId: 'all runs', view: 'runs', limit: 10_000 },
  { refId: 'users by the hour', view: 'series', metrics: ['runs'], groupBy: ['user'], interval: 'hour', limit: 12 },
];

export interface QueriesFigures {
  connections: number;
  /** all viewers ask for the same window, as on a board that many people look at */
  sameWindow: Load;
  /** every query has a window that was not asked for before */
  otherWindows: Load;
  /** as many clients ask one question after the other, none twice, small ones and large ones */
  distinct: Load & { serviceMb: number };
}

/** Sends a service the queries of boards over the demo organization, 500 a second. */
export async function benchQueries(made: BenchDatabase, seconds: number): Promise<QueriesFigures> {
  const ingest = createIngest({
    database: made.database,
    prices: loadPrices(undefined),
    maxDeadLetters: 0,
    clock: Date.now,
  });
  await loadDemo({ database: made.database, ingest });
  // as they are a few seconds after events came in
  await makeSums(made.database, DEMO_ORGANIZATION);
  await made.owner.query('vacuum analyze');
  const demo = (await listOrganizations(made.database)).find(({ orgId }) => orgId === DEMO_ORGANIZATION);
  const to = demo!.createdAt.getTime();
  return withBenchService(made, DEMO_ORGANIZATION, async (service) => {
    for (const question of QUESTIONS) await check(service, bodyOf(question, to));
    let asked = 0;
    const another = (question: object): Request => ({
      setupRequest: (request) => ({ ...request, body: bodyOf(question, to - (asked += 1)) }),
    });
    const same = QUESTIONS.map((question): Request => ({ body: bodyOf(question, to) }));
    const [sameWindow, otherWindows] = [
      await load(service, same, { seconds, overallRate: QUERIES_PER_SECOND }),
      await load(service, QUESTIONS.map(another), { seconds, overallRate: QUERIES_PER_SECOND }),
    ];
    await service.memoryMb();
    const distinct = await load(service, [...QUESTIONS, ...LARGE].map(another), { seconds });
    const { most: serviceMb } = await service.memoryMb();
    return { connections: CONNECTIONS, sameWindow, otherWindows, distinct: { ...distinct, serviceMb } };
  });
}

function bodyOf(question: object, to: number): string {
  return JSON.stringify({ from: to - 30 * DAY_MS, to, timezone: 'Europe/Vienna', queries: [question] });
}

function headersOf({ token }: BenchService): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
}

/** Checks that a query succeeds: the load generator only counts responses. */
async function check(service: BenchService, body: string): Promise<void> {
  const response = await fetch(`${service.url}/v1/query`, { method: 'POST', headers: headersOf(service), body });
  const answer = await response.text();
  if (!response.ok || !answer.includes('"status":200')) throw new Error(`${body} was answered with ${answer}`);
}

async function load(
  service: BenchService,
  requests: Request[],
  { seconds, overallRate }: { seconds: number; overallRate?: number },
): Promise<Load> {
  const autocannon = await loadGenerator();
  const {
    requests: answered,
    latency,
    errors,
    non2xx,
  } = await autocannon({
    url: `${service.url}/v1/query`,
    method: 'POST',
    headers: headersOf(service),
    connections: CONNECTIONS,
    ...(overallRate !== undefined && { overallRate }),
    duration: seconds,
    timeout: 60,
    requests,
  });
  if (errors + non2xx > 0) throw new Error(`${errors} requests failed, ${non2xx} were refused`);
  return { perSecond: answered.average, medianMs: latency.p50, p975Ms: latency.p97_5 };
}

/** The load generator, which is a development dependency. @throws Failure */
export async function loadGenerator() {
  try {
    return (await import('autocannon')).default;
  } catch (error) {
    throw new Failure(
      'queries are sent by autocannon, which is not installed here: npm ci --include=dev in a checkout',
      {
        cause: error,
      },
    );
  }
}
