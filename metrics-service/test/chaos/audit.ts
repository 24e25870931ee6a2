import { isDeepStrictEqual } from 'node:util';
import { METRICS, takes } from '../../src/catalogue/index.js';
import { openDatabase } from '../../src/db/pool.js';
import type { Database } from '../../src/db/database.js';
import { answer } from '../oracle/answer.js';
import { firstDifference, type ServiceResult } from '../oracle/compare.js';
import { merge } from '../oracle/merge.js';
import { priceOf } from '../oracle/prices.js';
import type { Query, SentEvent } from '../oracle/types.js';
import { tablesOf } from '../support/tables.js';
import type { Ledger } from './ledger.js';
import { post } from './post.js';

export const WINDOW = { from: Date.parse('2026-01-01T00:00:00Z'), to: Date.parse('2027-01-01T00:00:00Z') };
const POST_HANDOFF_MS = 24 * 3_600_000;
/** Most queries of a request. */
const MOST_QUERIES = 200;
/** Enough to see what is wrong. */
const MOST_TOLD = 20;
const LONGEST_LINE = 1_000;

/** How what is stored and answered is seen. */
export interface Door {
  databaseUrl: string;
  /** the service's, and a token of the organization with scope read */
  url: string;
  token: string;
  /** `runboard rebuild` */
  rebuild(): Promise<void>;
}

/**
 * Compares what an organization's senders had acknowledged with the log, the dead letters, the tables (which must be
 * what a rebuild makes of the log) and every metric (as the oracle computes it). Answers what differs.
 */
export async function audit(ledger: Ledger, door: Door): Promise<string[]> {
  const database = openDatabase({ connectionString: door.databaseUrl, size: 2, statementTimeoutMs: 600_000 });
  try {
    const found = [...ledger.broken, ...(await auditLog(ledger, database)), ...(await auditLetters(ledger, database))];
    const before = await tablesOf(database, ledger.orgId);
    await door.rebuild();
    const after = await tablesOf(database, ledger.orgId);
    for (const table of Object.keys(before)) found.push(...differingRows(table, before[table]!, after[table]!));
    found.push(...(await auditMetrics(ledger, door, before.newest![0] ?? null)));
    return found.slice(0, MOST_TOLD).map((line) => `${ledger.orgId}: ${line.slice(0, LONGEST_LINE)}`);
  } finally {
    await database.close();
  }
}

/** Every acknowledged event once, as it was sent, and nothing else. */
async function auditLog({ acknowledged, orgId }: Ledger, database: Database): Promise<string[]> {
  const { rows } = await database.inOrganization(orgId, (tx) =>
    tx.query<Omit<SentEvent, 'time'> & { time: Date }>(
      'select source, id, type, time, data from events where org_id = $1',
      [orgId],
    ),
  );
  const found: string[] = [];
  const logged = new Map<string, Omit<SentEvent, 'time'> & { time: Date }>();
  for (const row of rows) {
    if (logged.has(row.id)) found.push(`event ${row.id} is in the log twice`);
    logged.set(row.id, row);
  }
  for (const { id, source, type, time, data } of acknowledged) {
    const row = logged.get(id);
    logged.delete(id);
    if (!row) found.push(`event ${id} was acknowledged and is not in the log`);
    else if (!isDeepStrictEqual([row.source, row.type, row.time.toISOString(), row.data], [source, type, time, data])) {
      found.push(`event ${id} is not in the log as it was sent`);
    }
  }
  return [...found, ...[...logged.keys()].map((id) => `event ${id} is in the log and nobody sent it`)];
}

/** Each rejected event was kept at each attempt that was recorded; of those without an answer nobody knows which. */
async function auditLetters({ rejected, orgId }: Ledger, database: Database): Promise<string[]> {
  const { rows } = await database.inOrganization(orgId, (tx) =>
    tx.query<{ letter: string; kept: number }>(
      `
      select code || ' ' || event_id as letter, count(*)::int as kept
      from dead_letters
      where org_id = $1
      group by 1`,
      [orgId],
    ),
  );
  const kept = new Map(rows.map((row) => [row.letter, row.kept]));
  const wrong = [...rejected].flatMap(([letter, { acknowledged, sent }]) => {
    const times = kept.get(letter) ?? 0;
    kept.delete(letter);
    const isRight = acknowledged <= times && times <= sent;
    return isRight ? [] : [`dead letter ${letter}: kept ${times} times, rejected ${acknowledged}, sent ${sent} times`];
  });
  return [...wrong, ...[...kept.keys()].map((letter) => `dead letter ${letter}: of an event that nobody rejected`)];
}

function differingRows(table: string, before: string[], after: string[]): string[] {
  const [was, is] = [new Set(before), new Set(after)];
  return [
    ...before.filter((row) => !is.has(row)).map((row) => `${table}: a rebuild does not make ${row}`),
    ...after.filter((row) => !was.has(row)).map((row) => `${table}: only a rebuild makes ${row}`),
  ];
}

/** Every metric in total and by two dimensions, and the list of sessions. */
async function auditMetrics({ acknowledged }: Ledger, { url, token }: Door, newest: string | null): Promise<string[]> {
  const world = merge(acknowledged, priceOf);
  const found: string[] = [];
  const newestEventAt = newest === null ? null : Date.parse(newest);
  if (newestEventAt !== world.newestEventAt) found.push(`data_age is of ${newest}`);
  const results: Record<string, ServiceResult> = {};
  const all = queries();
  for (let from = 0; from < all.length; from += MOST_QUERIES) {
    const text = JSON.stringify({ ...WINDOW, timezone: 'UTC', queries: all.slice(from, from + MOST_QUERIES) });
    const { body } = await post(`${url}/v1/query`, token, { type: 'application/json', text });
    const answered = JSON.parse(body) as { results?: Record<string, ServiceResult> };
    if (!answered.results) return [...found, `the metrics were not answered: ${body}`];
    Object.assign(results, answered.results);
  }
  for (const query of all) {
    const question = { window: WINDOW, timezone: 'UTC', query };
    const expected = answer(world, question, { postHandoffMs: POST_HANDOFF_MS, now: 0 });
    const difference = firstDifference(query, results[query.refId], expected);
    if (difference !== null) found.push(`${JSON.stringify(query)}: ${difference}`);
  }
  return found;
}

/** Every metric in total and by two dimensions, and the list of sessions. */
export function queries(): Query[] {
  // these look at the clock: what they are computed from is compared instead
  const metrics = METRICS.filter(({ id, live }) => id !== 'data_age' && !live);
  const all = metrics.flatMap((metric): Omit<Query, 'refId'>[] => {
    const { id, requires } = metric;
    const asked = { metrics: [id], groupBy: requires ? [requires] : [] };
    const by = (name: string) => ({ ...asked, view: 'table' as const, groupBy: [...asked.groupBy, name] });
    const groups = (['user', 'repo'] as const).filter((name) => takes(metric).groups.includes(name));
    return [{ ...asked, view: 'total' }, ...groups.map(by)];
  });
  return [...all, { view: 'sessions' as const, orderBy: 'total_tokens', limit: 1000 }].map((query, index) => ({
    ...query,
    refId: `Q${index}`,
  }));
}
