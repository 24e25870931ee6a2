import { createToken } from '../../access/tokens.js';
import { answerRequest } from '../../query/index.js';
import type { BenchDatabase } from '../database.js';
import { bodiesOf } from '../events.js';
import { median } from '../percentile.js';
import { makeScaleWorld } from '../scale/world.js';
import { sendBodies } from '../send.js';
import type { BenchService } from '../service.js';
import { makeSums, vacuumSums } from '../sums.js';
import { BUDGETS, eventsOf, firstEvent, type Costs } from './world.js';

const ROUNDS = 11;

export interface BudgetsFigures {
  runs: number;
  budgets: number;
  /** how many of them reach their limit later in their period */
  reached: number;
  /** from request to last byte, through HTTP */
  medianMs: number;
  mostMs: number;
  /** the same from the rows instead of sums, in the process of the benchmark */
  fromRowsMs: number;
}

/** So much the clock of the service goes ahead: to the third of this month, when most of its hours are to come. */
export function aheadMs(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 3, 10, 30) - nowMs;
}

/** Asks how 1,000 budgets of an organization stand, which has had so many runs in the last year. @throws where sums and rows differ */
export async function benchBudgets(
  made: BenchDatabase,
  service: BenchService,
  orgId: string,
  { runs, clock }: { runs: number; clock: () => number },
  onProgress: (done: number, total: number) => void = () => {},
): Promise<BudgetsFigures> {
  await makeScaleWorld(made.owner, orgId, runs, clock());
  await sendBodies(service, bodiesOf([firstEvent(clock())], 1), { senders: 1 });
  await makeSums(made.database, orgId);
  await vacuumSums(made.owner);

  const { token } = await createToken(made.database, orgId, { name: 'bench budgets', scopes: ['ingest', 'admin'] });
  const set = (costs: ReadonlyMap<string, Costs>): Promise<void> =>
    sendBodies({ ...service, token }, bodiesOf(eventsOf(costs, clock()), BUDGETS), { senders: 1 });
  await set(new Map());
  await set(costsOf(JSON.parse(await ask(service, clock())) as Answer));

  const times: number[] = [];
  let answered = '';
  for (let round = 0; round < ROUNDS; round += 1) {
    onProgress(round, ROUNDS);
    const start = performance.now();
    answered = await ask(service, clock());
    times.push(performance.now() - start);
  }
  const reached = column(JSON.parse(answered) as Answer, 'reached_at').filter((at) => at !== null).length;
  return {
    ...{ runs, budgets: BUDGETS, reached, medianMs: median(times), mostMs: Math.max(...times) },
    fromRowsMs: await compare(made, orgId, clock()),
  };
}

const QUESTION = { refId: 'A', view: 'budgets', orderBy: 'budget', direction: 'asc', limit: BUDGETS };

async function ask({ url, token }: BenchService, to: number): Promise<string> {
  const body = JSON.stringify({ from: to - 3_600_000, to, queries: [QUESTION] });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(`${url}/v1/query`, { method: 'POST', headers, body });
  const answer = await response.text();
  const { results } = JSON.parse(answer) as Answer;
  if (results.A?.frames?.[0]?.data.values[0]?.length !== BUDGETS)
    throw new Error(`answered with ${answer.slice(0, 500)}`);
  return answer;
}

interface Answer {
  readonly results: {
    readonly A?: {
      readonly frames?: readonly {
        readonly schema: { readonly fields: readonly { readonly name: string }[] };
        readonly data: { readonly values: readonly (readonly unknown[])[] };
      }[];
    };
  };
}

function column({ results }: Answer, name: string): readonly unknown[] {
  const { schema, data } = results.A!.frames![0]!;
  return data.values[schema.fields.findIndex((field) => field.name === name)]!;
}

function costsOf(answer: Answer): Map<string, Costs> {
  const [spent, projected] = ['spent', 'projected'].map((name) => column(answer, name) as readonly (number | null)[]);
  return new Map(
    column(answer, 'budget').map((id, at) => [
      id as string,
      { spent: spent![at] ?? 0, projected: projected![at] ?? 0 },
    ]),
  );
}

/** Asks sums and rows as of one moment. */
async function compare({ database }: BenchDatabase, orgId: string, now: number): Promise<number> {
  const body = { from: now - 3_600_000, to: now, queries: [QUESTION] };
  const askAs = async (engine: 'auto' | 'raw'): Promise<{ text: string; ms: number }> => {
    const start = performance.now();
    const { results } = await answerRequest({ ...database, engine }, { orgId, viewer: null }, body, now);
    const ms = performance.now() - start;
    return { text: JSON.stringify((results as Answer['results']).A!.frames![0]!.data), ms };
  };
  const [sums, rows] = [await askAs('auto'), await askAs('raw')];
  if (sums.text !== rows.text) throw new Error('sums and rows do not say the same of the budgets');
  return rows.ms;
}
