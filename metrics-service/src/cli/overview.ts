import pc from 'picocolors';
import type { Database } from '../db/database.js';
import { Failure } from '../failure.js';
import { answerRequest } from '../query/index.js';
import { totalLines } from './render/answer.js';
import { sparkline } from './render/bars.js';
import { metaOf, rowsOf, type RowSet } from '../presentation/rows.js';
import { tableLines, type Look } from './render/table.js';
import { textTable } from './render/text-table.js';
import { printable, showTime, showValue } from '../format/values.js';

const DAY_MS = 86_400_000;
const DAYS = 30;
const MOST_ROWS = 5;

const KEY_METRICS = [
  'active_users',
  'runs',
  'run_success_rate',
  'p95_run_duration',
  'total_cost',
  'cost_per_successful_run',
  'local_handoff_rate',
];
const TREND = ['runs', 'run_success_rate', 'total_cost'];
const USERS = ['runs', 'run_success_rate', 'total_cost'];
const FAILURES = ['failed_runs', 'failure_share'];

const QUERIES = [
  { refId: 'key', view: 'total', metrics: KEY_METRICS, compare: 'previous' },
  { refId: 'trend', view: 'series', metrics: TREND, interval: 'day' },
  { refId: 'users', view: 'table', metrics: USERS, groupBy: ['user'], limit: MOST_ROWS },
  {
    ...{ refId: 'failures', view: 'table', metrics: FAILURES, groupBy: ['failure_category'], limit: MOST_ROWS },
    filters: { status: ['FAILED'] },
  },
];

export interface OverviewOptions {
  orgId: string;
  /** the end of the 30 days, and the current time, in epoch ms */
  toMs: number;
  nowMs: number;
  /** colours and bars: for a terminal */
  rich: boolean;
  /** characters per line */
  width: number;
}

/** An organization's 30 days as lines: key metrics with the change, a trend, top users, failures. @throws Failure */
export async function overviewLines(database: Database, options: OverviewOptions): Promise<string[]> {
  const { orgId, toMs, nowMs, rich, width } = options;
  const request = { from: toMs - DAYS * DAY_MS, to: toMs, queries: QUERIES };
  const { results } = await answerRequest(database, { orgId, viewer: null }, request, nowMs);
  const framesOf = (refId: string) => {
    const result = results[refId]!;
    if (result.status !== 200) throw new Failure(`the overview failed: ${result.error}`);
    return result.frames;
  };
  const { answered, notices } = metaOf(framesOf('key'));
  const look: Look = { timezone: answered.timezone, rich, width, metrics: [], groupBy: [] };
  const rows = (refId: string): RowSet => rowsOf(framesOf(refId));
  const { bold, dim } = pc.createColors(rich);
  const ends = [answered.window.from, answered.window.to].map((ms) => showTime(ms, answered.timezone)).join(' to ');
  return [
    bold(`The organization ${printable(orgId)}, ${DAYS} days: ${ends} ${answered.timezone}`),
    '',
    ...totalLines(rows('key'), look),
    '',
    ...trendLines(rows('trend'), look),
    '',
    bold('Top users'),
    ...tableLines(rows('users'), { ...look, metrics: USERS, groupBy: ['user'] }),
    '',
    bold('Why runs failed'),
    ...tableLines(rows('failures'), { ...look, metrics: FAILURES, groupBy: ['failure_category'] }),
    ...(notices.length > 0 ? [''] : []),
    ...notices.map(({ severity, text }) => dim(`${severity === 'info' ? 'note' : severity}: ${printable(text)}`)),
  ];
}

/** A sparkline of days per metric; nothing else shows the trend here, so it is also drawn without a terminal. */
function trendLines({ columns, rows }: RowSet, { timezone, rich }: Look): string[] {
  const { bold, cyan, dim } = pc.createColors(rich);
  const lines = columns
    .filter(({ role }) => role === 'metric')
    .map(({ name, title, kind }) => {
      const values = rows.map((row) => row[name] as number | null);
      const known = values.filter((value) => value !== null);
      const ends = known.length === 0 ? [] : [Math.min(...known), Math.max(...known)];
      const range = ends.map((end) => showValue(end, kind, timezone)).join(' to ');
      return [title, cyan(sparkline(values)), dim(range)];
    });
  return textTable(
    ['Day by day', '', ''].map((head) => ({ head, align: 'left' })),
    lines,
    bold,
  );
}
