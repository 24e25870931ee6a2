import { scopeNotices } from '../access/viewer-scope.js';
import type { Asker } from '../access/viewer.js';
import { ApiError } from '../contract/problem.js';
import type { Notice, QueryAnswer, Result } from '../contract/frames.js';
import { querySchema, type Query } from '../contract/query.js';
import type { Database, Transaction } from '../db/database.js';
import { planAdHoc } from './ad-hoc.js';
import type { Interval } from './buckets.js';
import type { AnswerCache } from './answer-cache.js';
import type { Context } from './evaluate.js';
import { wireFrame } from './frames.js';
import { InvalidQuery, unknownName } from './invalid.js';
import { withLinks } from './links.js';
import type { Defaults } from './plan.js';
import { readQuery, readRequest, type AskedQuery, type AskedRequest } from './request.js';
import { findView, VIEWS } from './views/index.js';
import { resolved } from './seen-sessions.js';
import { inSnapshot } from './snapshot.js';
import type { Planned } from './views/view.js';

/** What an answer depends on besides the request. */
interface Options extends Defaults {
  /** epoch ms */
  readonly now: number;
  /** the uid of the data source of a Grafana through which a person asks, who gets links to its boards */
  readonly linksFor?: string | undefined;
}

/**
 * Answers a request of POST /v1/query in a snapshot of its own; `now` is epoch ms. What `cache` holds is not computed
 * again; `signal` breaks it off. Throws as `answerQueries` does.
 */
export function answerRequest(
  database: Database,
  asker: Asker,
  body: unknown,
  now: number,
  { cache, linksFor, signal }: { cache?: AnswerCache; linksFor?: string | undefined; signal?: AbortSignal } = {},
): Promise<QueryAnswer> {
  const answer = (tx: Transaction, defaults: Defaults) =>
    answerQueries(tx, body, { ...defaults, now, linksFor }, cache);
  return inSnapshot(database, asker, answer, signal);
}

/**
 * Answers a request of POST /v1/query (design section 6). `tx` is one read-only snapshot of the organization. A
 * query that cannot be answered has status 400 in its own result, one that takes too much 504 or 422; a request without
 * queries, or with one refId twice, is refused as a whole with InvalidQuery.
 */
export async function answerQueries(
  tx: Transaction,
  body: unknown,
  options: Options,
  cache?: AnswerCache,
): Promise<QueryAnswer> {
  const request = readRequest(body);
  const results: [string, Result][] = [];
  for (const asked of request.queries) {
    results.push([asked.refId, await answerQuery(tx, asked, request, options, cache)]);
  }
  // fromEntries defines members, where assigning one called __proto__ would not
  return { results: Object.fromEntries(results) };
}

async function answerQuery(
  tx: Transaction,
  asked: AskedQuery,
  request: AskedRequest,
  options: Options,
  cache?: AnswerCache,
): Promise<Result> {
  try {
    const { query, unknown } = readQuery(asked, request);
    // all that the answer depends on but for the clock
    const key = JSON.stringify([tx.orgId, { ...options, now: null }, asked.refId, membersOf(query), unknown]);
    const known = cache?.find(key, options.now);
    if (known) return known;
    const view = findView(query.view ?? '');
    if (!view) {
      throw unknownName(
        'view',
        query.view ?? '',
        VIEWS.map(({ name }) => name),
      );
    }
    let lasts = true;
    const context: Context = {
      tx,
      scope: options.scope,
      statements: [],
      get now() {
        lasts = false;
        return options.now;
      },
    };
    const { planned, notices: leftOut } = planAdHoc(view, query, options);
    const {
      rows,
      frames,
      notices,
      interval = null,
    } = await tx.attempt(async () => {
      const resolvedRows = { ...planned.rows, filters: await resolved(context, planned.rows.filters) };
      return { rows: resolvedRows, ...(await planned.answer(context, resolvedRows)) };
    });
    const ignored = [...leftOut, ...ignoredMembers(unknown), ...unusedMembers(query, view.members, view.name)];
    const all = [...scopeNotices(rows.scope), ...notices, ...ignored];
    const meta = {
      custom: { asOf: options.now, ...customMeta(planned, interval, context) },
      executedQueryString: context.statements.join(';\n\n'),
      ...(all.length > 0 ? { notices: all } : {}),
    };
    const { linksFor } = options;
    const bodies = linksFor === undefined ? frames : frames.map((body) => withLinks(body, linksFor));
    const wired = bodies.map((body, index) => wireFrame(asked.refId, body, index === 0 ? meta : {}));
    const result: Result = { status: 200, frames: wired };
    if (lasts) cache?.keep(key, result);
    return result;
  } catch (error) {
    const status = error instanceof InvalidQuery ? 400 : tooMuch(error);
    if (status === null) throw error;
    return { status, error: (error as Error).message, errorSource: 'downstream' };
  }
}

/** The status of a query that takes more time or room than it may; null where that is not what went wrong. */
function tooMuch(error: unknown): 422 | 504 | null {
  if (!(error instanceof ApiError)) return null;
  return error.code === 'query_timeout' ? 504 : error.code === 'query_too_large' ? 422 : null;
}

/** What is known of a query, in one order; the rest may nest deeper than JSON can be written. */
function membersOf(query: Query): unknown[] {
  return Object.keys(querySchema.shape).map((member) => query[member]);
}

function customMeta({ rows }: Planned, interval: Interval | null, context: Context): Record<string, unknown> {
  return {
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

export { AnswerCache } from './answer-cache.js';
export { dimensionParameters, dimensionValues } from './dimension-values.js';
export { InvalidQuery } from './invalid.js';
export { inSnapshot } from './snapshot.js';
