import type { Asker } from '../access/viewer.js';
import type { Notice, QueryAnswer, Result } from '../contract/frames.js';
import type { Query } from '../contract/query.js';
import type { Database, Transaction } from '../db/database.js';
import { planAdHoc } from './ad-hoc.js';
import type { Context } from './evaluate.js';
import { wireFrame } from './frames.js';
import { InvalidQuery, unknownName } from './invalid.js';
import type { Defaults } from './plan.js';
import { readQuery, readRequest, type AskedQuery, type AskedRequest } from './request.js';
import { withUserIds } from './users.js';
import { findView, VIEWS } from './views/index.js';
import { scopeNotices } from './scope.js';
import { inSnapshot } from './snapshot.js';
import type { Planned } from './views/view.js';

/** Answers a request of POST /v1/query in a snapshot of its own; `now` is epoch ms. Throws as `answerQueries` does. */
export function answerRequest(database: Database, asker: Asker, body: unknown, now: number): Promise<QueryAnswer> {
  return inSnapshot(database, asker, (tx, defaults) => answerQueries(tx, body, { ...defaults, now }));
}

/**
 * Answers a request of POST /v1/query (design section 6). `tx` is one read-only snapshot of the organization; `now`
 * is epoch ms. A query that cannot be answered has status 400 in its own result; a request without queries, or with
 * one refId twice, is refused as a whole with InvalidQuery.
 */
export async function answerQueries(
  tx: Transaction,
  body: unknown,
  options: Defaults & { now: number },
): Promise<QueryAnswer> {
  const request = readRequest(body);
  const results: [string, Result][] = [];
  for (const asked of request.queries) {
    results.push([asked.refId, await answerQuery(tx, asked, request, options)]);
  }
  // fromEntries defines members, where assigning one called __proto__ would not
  return { results: Object.fromEntries(results) };
}

async function answerQuery(
  tx: Transaction,
  asked: AskedQuery,
  request: AskedRequest,
  options: Defaults & { now: number },
): Promise<Result> {
  try {
    const { query, unknown } = readQuery(asked, request);
    const view = findView(query.view ?? '');
    if (!view) {
      throw unknownName(
        'view',
        query.view ?? '',
        VIEWS.map(({ name }) => name),
      );
    }
    const context: Context = { tx, now: options.now, scope: options.scope, statements: [] };
    const { planned, notices: leftOut } = planAdHoc(view, query, options);
    const rows = { ...planned.rows, filters: await withUserIds(context, planned.rows.filters) };
    const { frames, notices } = await planned.answer(context, rows);
    const ignored = [...leftOut, ...ignoredMembers(unknown), ...unusedMembers(query, view.members, view.name)];
    const all = [...scopeNotices(rows.scope), ...notices, ...ignored];
    const meta = {
      custom: customMeta(planned, context),
      executedQueryString: context.statements.join(';\n\n'),
      ...(all.length > 0 ? { notices: all } : {}),
    };
    return { status: 200, frames: frames.map((body, index) => wireFrame(asked.refId, body, index === 0 ? meta : {})) };
  } catch (error) {
    if (!(error instanceof InvalidQuery)) throw error;
    return { status: 400, error: error.message, errorSource: 'downstream' };
  }
}

function customMeta({ rows, interval }: Planned, context: Context): Record<string, unknown> {
  return {
    asOf: context.now,
    window: rows.window,
    interval,
    timezone: rows.timezone,
    scope: rows.scope.kind,
    sql: context.statements,
  };
}

function ignoredMembers(unknown: readonly string[]): Notice[] {
  if (unknown.length === 0) return [];
  const names = unknown.slice(0, 10).map((member) => JSON.stringify(member.slice(0, 80)));
  return [{ severity: 'info', text: `ignored, unknown: ${names.join(', ')}${unknown.length > 10 ? ' …' : ''}` }];
}

/**
 * Members that would change the answer of another view: their reader should know that they do nothing here. The editor,
 * which saves a version, hides them and keeps them for the view that one goes back to.
 */
function unusedMembers(query: Query, used: readonly (keyof Query)[], view: string): Notice[] {
  if (query.version != null) return [];
  const unused = (['metrics', 'groupBy', 'compare', 'filters', 'kinds'] as const).filter((member) => {
    const value = query[member];
    return value != null && Object.keys(value).length > 0 && !used.includes(member);
  });
  return unused.length === 0 ? [] : [{ severity: 'info', text: `the view ${view} does not use ${unused.join(', ')}` }];
}

export { dimensionParameters, dimensionValues } from './dimension-values.js';
export { InvalidQuery } from './invalid.js';
export { inSnapshot } from './snapshot.js';
