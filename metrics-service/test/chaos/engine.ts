import { isDeepStrictEqual } from 'node:util';
import type { Result } from '../../src/contract/frames.js';
import type { Database, Engine, Transaction } from '../../src/db/database.js';
import { openDatabase } from '../../src/db/pool.js';
import { answerRequest } from '../../src/query/index.js';
import type { Made } from '../../src/query/made.js';
import { claim } from '../../src/rollups/claim.js';
import type { Random } from '../support/random.js';
import { queries, WINDOW } from './audit.js';

/** Questions of one comparison: enough of all there are, as there are many comparisons. */
const SOME = 12;

/** What was compared, and how many answers came from what is kept. */
export interface ComparedEngine {
  readonly differences: readonly string[];
  readonly fromSums: number;
}

/** Begins to keep all sums of an organization, however few runs it has. */
export async function keepAllSums(databaseUrl: string, orgId: string): Promise<void> {
  const database = openDatabase({ connectionString: databaseUrl, size: 1, statementTimeoutMs: 60_000 });
  await claim({ ...database, engine: 'sums' }, orgId).finally(() => database.close());
}

/** Asks the same from sums and from the rows, in one snapshot, while events go on coming in. */
export async function compareEngine(databaseUrl: string, orgId: string, random: Random): Promise<ComparedEngine> {
  const database = openDatabase({ connectionString: databaseUrl, size: 1, statementTimeoutMs: 60_000 });
  const asked = random.some(queries(), SOME);
  try {
    return await database.inOrganization(
      orgId,
      async (tx) => {
        const [sums, rows] = [await ask(database, tx, 'sums', asked), await ask(database, tx, 'raw', asked)];
        const differing = asked.filter(({ refId }) => !isDeepStrictEqual(told(sums[refId]!), told(rows[refId]!)));
        return {
          differences: differing.map(({ refId, ...query }) => {
            const [of, is] = [told(sums[refId]!), told(rows[refId]!)].map((answer) => JSON.stringify(answer));
            return `${orgId}: ${JSON.stringify(query)}: from sums ${of}, from the rows ${is}`.slice(0, 1_000);
          }),
          fromSums: asked.filter(({ refId }) => isFromSums(sums[refId]!)).length,
        };
      },
      { readOnly: true },
    );
  } finally {
    await database.close();
  }
}

async function ask(database: Database, tx: Transaction, engine: Engine, asked: readonly { refId: string }[]) {
  const inSameSnapshot: Database = { ...database, engine, inOrganization: (_, work) => work(tx) };
  const body = { ...WINDOW, timezone: 'UTC', queries: asked.map((query) => ({ ...query, explain: true })) };
  return (await answerRequest(inSameSnapshot, { orgId: tx.orgId, viewer: null }, body, WINDOW.to)).results;
}

function told(result: Result): unknown {
  return result.status === 200 ? result.frames.map(({ data }) => data) : result;
}

function isFromSums(result: Result): boolean {
  const engine = result.status === 200 ? result.frames[0]?.schema.meta?.custom?.engine : undefined;
  return ((engine as Made | undefined)?.kept ?? []).length > 0;
}
