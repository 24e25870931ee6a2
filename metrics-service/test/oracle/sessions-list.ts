import type { Answer } from './answer.js';
import { compareFractions, type Fraction, ratio, toNumber, whole } from './fraction.js';
import { sessionDimension, shown } from './dimensions.js';
import { type ActiveSession, type Scope, sessionsIn } from './rows.js';
import { agentTime, lastActiveAt, lifespan, sessionCost, sessionTokens } from './session-metrics.js';
import type { Query } from './types.js';
import { compareText } from './values.js';

type Column = Fraction | string | boolean | null;

/** The columns of a session's row, in the order of the design. */
export const SESSION_COLUMNS = [
  'session',
  'user',
  'user_id',
  'team',
  'repo',
  'workspace',
  'runtime',
  'work_item',
  'last_active_at',
  'runs',
  'run_success_rate',
  'failed_runs',
  'failure_reasons',
  'total_cost',
  'total_tokens',
  'cost_coverage',
  'agent_active_time',
  'lifespan',
  'handoffs',
  'local_handoff',
  'post_handoff_iteration',
  'url',
] as const;

/** One row per active session, sorted by any column (last activity by default), paged. */
export function sessionsList(scope: Scope, query: Query): Answer {
  const orderBy = query.orderBy ?? 'last_active_at';
  const direction = query.direction === 'asc' ? 1 : -1;
  const rows = sessionsIn(scope)
    .map((one) => sessionRow(scope, one))
    .sort((a, b) => {
      const by = orderBy === 'failure_reasons' ? 'categories' : orderBy;
      const [left, right] = [a[by]!, b[by]!];
      return (
        Number(left === null) - Number(right === null) ||
        direction * compareColumns(left, right) ||
        compareText(a.session as string, b.session as string)
      );
    });
  const offset = query.offset ?? 0;
  const page = rows.slice(offset, offset + (query.limit ?? 100));
  return {
    view: 'sessions',
    matching: rows.length,
    rows: page.map(({ categories: _, ...row }) => mapValues(row, plain)),
  };
}

function sessionRow(scope: Scope, one: ActiveSession): Record<string, Column> {
  const { session, runs } = one;
  const terminal = runs.filter((run) => run.status !== 'IN_FLIGHT');
  const share = (status: (typeof runs)[number][]): Fraction | null =>
    ratio(whole(status.length), whole(terminal.length));
  const span = lifespan(one);
  const failed = runs.filter((run) => run.status === 'FAILED');
  const categories = failed.map(({ failureCategory }) => failureCategory ?? 'uncategorized').sort(compareText);
  const creator = shown(scope.world, { dimension: 'user', value: session.creator });
  return {
    session: session.id,
    user: creator.name,
    user_id: creator.id,
    team: sessionDimension(scope.world, session, 'team'),
    repo: session.attributes.repo,
    workspace: session.attributes.workspace,
    runtime: session.attributes.runtime,
    work_item: session.workItem,
    last_active_at: whole(lastActiveAt(scope, one)),
    runs: whole(runs.length),
    run_success_rate: share(terminal.filter((run) => run.status === 'SUCCEEDED')),
    failed_runs: whole(categories.length),
    failure_reasons: inWords(categories),
    categories: categories.length > 0 ? categories.join(',') : null,
    total_cost: sessionCost(one),
    total_tokens: sessionTokens(one),
    cost_coverage: share(terminal.filter((run) => run.cost === 'fully known')),
    agent_active_time: agentTime(one),
    lifespan: span === null ? null : whole(span),
    handoffs: whole(one.handoffs.length),
    local_handoff: one.handoffs.length > 0,
    post_handoff_iteration: one.followed,
    url: one.session.url,
  };
}

/** "Test failure ×2, Provider error": the most frequent first. */
function inWords(categories: readonly string[]): string | null {
  const counts = [...new Set(categories)].map((category): [string, number] => [
    category,
    categories.filter((one) => one === category).length,
  ]);
  counts.sort(([one, many], [other, more]) => more - many || compareText(one, other));
  const said = counts.map(([category, count]) => {
    const words = category.split('_').join(' ');
    return `${words[0]!.toUpperCase()}${words.slice(1)}${count > 1 ? ` ×${count}` : ''}`;
  });
  return said.length > 0 ? said.join(', ') : null;
}

function compareColumns(a: Column, b: Column): number {
  if (a === null || b === null) return 0;
  if (typeof a === 'string') return compareText(a, b as string);
  if (typeof a === 'boolean') return Number(a) - Number(b);
  return compareFractions(a, b as Fraction);
}

function plain(value: Column): string | number | boolean | null {
  return value !== null && typeof value === 'object' ? toNumber(value) : value;
}

function mapValues<A, B>(row: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, change(value)]));
}
