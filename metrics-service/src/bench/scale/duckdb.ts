import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** As much of `@duckdb/node-api` as is used. */
interface DuckDb {
  readonly DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<DuckDbConnection> }> };
}
interface DuckDbConnection {
  runAndReadAll(sql: string): Promise<unknown>;
  closeSync(): void;
}

/** Whoever wants to compare with it installs it: it is no dependency. */
const PACKAGE = '@duckdb/node-api';
/** What to do where it is missing. */
export const NO_DUCKDB = `DuckDB is not compared: npm install --no-save ${PACKAGE} adds it`;

const SUMS =
  "count(*), count(*) filter (where status = 'SUCCEEDED'), count(*) filter (where status <> 'IN_FLIGHT'), sum(cost_nanos), sum(input_tokens + output_tokens), sum(execution_ms)";

/** The questions that it is asked too, in its own words: `here` is the condition on the window. */
const QUESTIONS: Readonly<Record<string, (here: string) => string>> = {
  'all run sums': (here) => `select ${SUMS} from runs where ${here}`,
  'all run sums of one user': (here) => `select ${SUMS} from runs where ${here} and user_id = 'user-3'`,
  'all run sums of one repository': (here) => `select ${SUMS} from runs where ${here} and repo = 'acme/repo-3'`,
  'all run sums of one model': (here) => `select ${SUMS} from runs where ${here} and model = 'claude-opus-4-6'`,
  'top 10 users, 4 measures': (here) =>
    `select user_id, ${SUMS} from runs where ${here} group by user_id order by sum(cost_nanos) desc limit 10`,
  'active users': (here) => `select count(distinct user_id) from runs where ${here}`,
  'exact P95 of durations': (here) => `select quantile_cont(execution_ms, 0.95) from runs where ${here}`,
};

/** The same questions asked of DuckDB: ms by name, for a window in epoch ms. */
export interface Compared {
  ask(name: string, window: { readonly from: number; readonly to: number }): Promise<number | null>;
  remove(): Promise<void>;
}

/** Copies the runs, in the order of their time, into a file of DuckDB; null where it is not installed. */
export async function copyToDuckDb(owner: pg.Client, orgId: string): Promise<Compared | null> {
  const duckdb = await import(PACKAGE).then(
    (found: unknown) => found as DuckDb,
    () => null,
  );
  if (!duckdb) return null;
  const folder = await mkdtemp(join(tmpdir(), 'runboard-duckdb-'));
  const csv = join(folder, 'runs.csv');
  const rows = `select r.started_at at time zone 'UTC' as started_at, r.user_id, s.repo, r.model, r.status, r.cost_nanos::bigint,
      r.input_tokens, r.output_tokens, r.execution_ms
    from runs r join sessions s using (org_id, session_id)
    where r.org_id = ${owner.escapeLiteral(orgId)}
    order by r.started_at`;
  await pipeline(owner.query(copyTo(`copy (${rows}) to stdout with (format csv, header)`)), createWriteStream(csv));
  const instance = await duckdb.DuckDBInstance.create(join(folder, 'runs.duckdb'));
  const connection = await instance.connect();
  await connection.runAndReadAll(`create table runs as select * from read_csv('${csv}')`);
  return {
    async ask(name, { from, to }) {
      const sql = QUESTIONS[name];
      if (!sql) return null;
      const at = (ms: number): string => `timestamp '${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')}'`;
      const start = performance.now();
      await connection.runAndReadAll(sql(`started_at >= ${at(from)} and started_at < ${at(to)}`));
      return performance.now() - start;
    },
    async remove() {
      connection.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
