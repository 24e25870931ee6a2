import { createOrganization } from '../../access/organizations.js';
import type { Database } from '../../db/database.js';
import { answerRequest } from '../../query/index.js';
import type { BenchDatabase } from '../database.js';
import { keepUsual } from '../../rollups/usual.js';
import { median } from '../percentile.js';
import { makeSums, vacuumSums } from '../sums.js';
import { timedDatabase } from '../timed-database.js';
import { timesOfBoards, type Answered } from './boards.js';
import { OPEN_RUNS, openRuns, timesOfNow } from './now.js';
import { copyToDuckDb, type Compared } from './duckdb.js';
import { makeScaleWorld, SCALE_END_MS } from './world.js';

const ORG_ID = 'scale';
const DAY_MS = 86_400_000;
/** Windows of 90 days that begin and end somewhere in an hour, a new one each time. */
const DAYS = 90;
const KPIS = ['runs', 'run_success_rate', 'total_cost', 'total_tokens', 'avg_run_duration', 'cost_coverage'];

const total = (more: object = {}): object => ({ view: 'total', metrics: KPIS, ...more });

/** What is asked, by what it is called in the report. */
const QUESTIONS: Readonly<Record<string, object>> = {
  'all run sums': total(),
  'all run sums, compared': total({ compare: 'previous' }),
  'daily cost, Vienna': { view: 'series', metrics: ['total_cost'], interval: 'day' },
  'all run sums of one user': total({ filters: { user: ['user-3'] } }),
  'all run sums of one team': total({ filters: { team: ['team-3'] } }),
  'all run sums of one repository': total({ filters: { repo: ['acme/repo-3'] } }),
  'all run sums of one model': total({ filters: { model: ['claude-opus-4-6'] } }),
  'top 10 users, 4 measures': {
    view: 'table',
    metrics: ['total_cost', 'runs', 'total_tokens', 'run_success_rate'],
    groupBy: ['user'],
    limit: 10,
  },
  'by team, compared': { view: 'table', metrics: ['total_cost', 'runs'], groupBy: ['team'], compare: 'previous' },
  'daily cost by model': { view: 'series', metrics: ['total_cost'], groupBy: ['model'], interval: 'day' },
  'active users': { view: 'total', metrics: ['active_users'] },
  'active sessions, runs per session': { view: 'total', metrics: ['active_sessions', 'avg_runs_per_session'] },
  'daily active sessions': { view: 'series', metrics: ['active_sessions'], interval: 'day' },
  'sessions list, by last activity': { view: 'sessions', limit: 20 },
  'sessions list, by cost': { view: 'sessions', orderBy: 'total_cost', limit: 20 },
  findings: { view: 'findings' },
  'exact P95 of durations': { view: 'total', metrics: ['p95_run_duration'] },
};

export interface ScaleFigures {
  runs: number;
  makeSeconds: number;
  /** how long it takes to make all sums, with one process */
  rollupSeconds: number;
  rawMb: number;
  rollupMb: number;
  /** MB of each table of sums, with its indexes */
  tables: Record<string, number>;
  /** database time in ms: medians, and that of the first time; `duckdb` null where it is not asked */
  questions: Record<string, { raw: number; engine: number; engineFirst: number; duckdb: number | null }>;
  /** whether DuckDB is installed */
  hasDuckDb: boolean;
  /** as of now, with so many open runs: database time in ms, medians */
  openRuns: number;
  /** how long it takes to find in the background what is usual */
  usualSeconds: number;
  now: Record<string, number>;
  /** all that the delivered boards ask, the slowest first */
  boards: Answered[];
}

/** The same questions from the rows and from sums, over a year of so many runs. @throws where the answers differ */
export async function benchScale(
  made: BenchDatabase,
  runs: number,
  { rounds = 5, onProgress = () => {} }: { rounds?: number; onProgress?: (done: number, total: number) => void } = {},
): Promise<ScaleFigures> {
  await createOrganization(made.database, ORG_ID, {});
  const makeSeconds = await seconds(() => makeScaleWorld(made.owner, ORG_ID, runs));
  const rollupSeconds = await seconds(() => makeSums(made.database, ORG_ID));
  const tables = await vacuumSums(made.owner);
  const duckdb = await copyToDuckDb(made.owner, ORG_ID);
  const questions: ScaleFigures['questions'] = {};
  const entries = Object.entries(QUESTIONS);
  for (const [done, [name, query]] of entries.entries()) {
    onProgress(done, entries.length);
    questions[name] = await compare(made.database, duckdb, name, query, rounds);
  }
  await duckdb?.remove();
  const sizes = async (names: readonly string[]): Promise<number> => {
    const { rows } = await made.owner.query<{ mb: number }>(
      `select (sum(pg_total_relation_size(oid)) / 1e6)::float8 as mb
       from pg_class
       where relname = any($1::text[])`,
      [names],
    );
    return rows[0]!.mb;
  };
  const [rawMb, rollupMb] = [await sizes(['runs', 'sessions']), await sizes(tables)];
  const ofTables: Record<string, number> = {};
  for (const name of tables) ofTables[name] = await sizes([name]);
  const boards = await timesOfBoards(made.database, ORG_ID, SCALE_END_MS);
  await openRuns(made.database, ORG_ID, SCALE_END_MS);
  await made.owner.query('vacuum analyze');
  const usualSeconds = await seconds(() =>
    made.database.inOrganization(ORG_ID, (tx) => keepUsual(tx, new Date(SCALE_END_MS))),
  );
  const now = await timesOfNow(made.database, ORG_ID, SCALE_END_MS);
  return {
    runs,
    makeSeconds,
    rollupSeconds,
    rawMb,
    rollupMb,
    tables: ofTables,
    questions,
    hasDuckDb: duckdb !== null,
    openRuns: OPEN_RUNS,
    usualSeconds,
    now,
    boards,
  };
}

async function compare(
  database: Database,
  duckdb: Compared | null,
  name: string,
  query: object,
  rounds: number,
): Promise<ScaleFigures['questions'][string]> {
  const times: { raw: number[]; engine: number[]; duckdb: number[] } = { raw: [], engine: [], duckdb: [] };
  for (let round = 0; round < rounds; round++) {
    const toMs = SCALE_END_MS - round * 5 * DAY_MS - round * 12_345_678 - 987_654;
    const ask = async (engine: 'auto' | 'raw'): Promise<string> => {
      const timed = timedDatabase({ ...database, engine });
      const body = {
        from: toMs - DAYS * DAY_MS,
        to: toMs,
        timezone: 'Europe/Vienna',
        queries: [{ refId: 'A', ...query }],
      };
      const { results } = await answerRequest(timed.database, { orgId: ORG_ID, viewer: null }, body, toMs);
      const result = results.A!;
      if (result.status !== 200) throw new Error(JSON.stringify(result));
      times[engine === 'raw' ? 'raw' : 'engine'].push(timed.ms());
      return JSON.stringify(result.frames.map(({ data }) => data));
    };
    const [engine, raw] = [await ask('auto'), await ask('raw')];
    const ms = await duckdb?.ask(name, { from: toMs - DAYS * DAY_MS, to: toMs });
    if (ms !== null && ms !== undefined) times.duckdb.push(ms);
    if (engine !== raw) throw new Error(`${JSON.stringify(query)} up to ${toMs}: ${engine} is not ${raw}`);
  }
  return {
    raw: median(times.raw),
    engine: median(times.engine),
    engineFirst: times.engine[0]!,
    duckdb: times.duckdb.length > 0 ? median(times.duckdb) : null,
  };
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}
