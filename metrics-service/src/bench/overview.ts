import type { Database } from '../db/database.js';
import { answerRequest } from '../query/index.js';
import { median } from './percentile.js';
import { timedDatabase } from './timed-database.js';

const DAY_MS = 86_400_000;

/** The queries of an overview board: key metrics with the previous period, two trends, three tables. */
export const OVERVIEW = [
  {
    refId: 'key metrics',
    view: 'total',
    compare: 'previous',
    metrics: [
      'active_users',
      'runs',
      'run_success_rate',
      'total_cost',
      'total_tokens',
      'avg_runs_per_session',
      'local_handoff_rate',
      'cost_per_successful_run',
      'p95_run_duration',
      'avg_queue_wait',
      'post_handoff_iteration_rate',
      'avg_agent_time_per_session',
      'avg_session_lifespan',
    ],
  },
  { refId: 'runs by status', view: 'series', metrics: ['runs'], groupBy: ['status'], interval: 'day' },
  { refId: 'success rate', view: 'series', metrics: ['run_success_rate'], interval: 'day' },
  { refId: 'users', view: 'table', metrics: ['runs', 'total_cost', 'total_tokens'], groupBy: ['user'], limit: 10 },
  {
    refId: 'failures',
    view: 'table',
    metrics: ['failed_runs', 'failure_share'],
    groupBy: ['failure_category'],
    limit: 10,
  },
  { refId: 'repositories', view: 'table', metrics: ['runs', 'run_success_rate'], groupBy: ['repo'], limit: 10 },
];

export interface OverviewFigures {
  runs: number;
  /** database time of each panel in milliseconds, the median of several rounds */
  panels: Record<string, number>;
  databaseMs: number;
}

/** Runs an overview board's queries over the 30 days before `toMs`, and adds up their database time. */
export async function benchOverview(
  database: Database,
  orgId: string,
  toMs: number,
  { rounds = 5 } = {},
): Promise<OverviewFigures> {
  const panels: Record<string, number> = {};
  for (const query of OVERVIEW) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const timed = timedDatabase(database);
      const { results } = await answerRequest(
        timed.database,
        { orgId, viewer: null },
        { from: toMs - 30 * DAY_MS, to: toMs, timezone: 'Europe/Vienna', queries: [query] },
        toMs,
      );
      const result = results[query.refId];
      if (result?.status !== 200) throw new Error(`${query.refId}: ${JSON.stringify(result)}`);
      times.push(timed.ms());
    }
    panels[query.refId] = median(times);
  }
  const { rows } = await database.inOrganization(orgId, (tx) =>
    tx.query<{ runs: string }>(
      `
      select count(*) as runs
      from runs
      where org_id = $1
        and started_at >= $2
        and started_at < $3`,
      [orgId, new Date(toMs - 30 * DAY_MS).toISOString(), new Date(toMs).toISOString()],
    ),
  );
  const databaseMs = Object.values(panels).reduce((sum, ms) => sum + ms, 0);
  return { runs: Number(rows[0]!.runs), panels, databaseMs };
}
