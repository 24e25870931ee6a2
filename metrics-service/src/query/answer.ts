import { scopeNotices } from '../access/viewer-scope.js';
import type { Notice, Result } from '../contract/frames.js';
import type { Query } from '../contract/query.js';
import { ApiError } from '../contract/problem.js';
import { AS_OF, WINDOW } from './answer-texts.js';
import type { QuestionContext } from './context.js';
import type { Made } from './made.js';
import { wireFrame, type FrameBody } from './frames.js';
import { InvalidQuery, OfManyOnly, unknownName } from './invalid.js';
import { reasonFrame, withLinks } from './links.js';
import { isLive } from './movement.js';
import type { Reason } from './reasons.js';
import { findView, VIEWS } from './views/index.js';
import type { Planned, View, ViewAnswer } from './views/view.js';
import { planQuestion } from './plan-question.js';
import { zoneNotices } from './zone.js';

/** A query after parsing. */
export interface ReadQuery {
  readonly refId: string;
  readonly query: Query;
  /** its unknown members */
  readonly unknown: readonly string[];
  /** the data source's uid in a Grafana through which a person asks: they get links to its boards */
  readonly linksFor?: string | undefined;
}

/** The view that a query asks for. @throws InvalidQuery that lists the valid ones */
export function viewOf({ view }: Query): View {
  const found = findView(view ?? '');
  if (found) return found;
  throw unknownName(
    'view',
    view ?? '',
    VIEWS.map(({ name }) => name),
  );
}

/**
 * The frames of one query, or why there are none: status 400 if it cannot be answered as asked, 504 or 422 if it takes
 * too much. The time of asking is left open (AS_OF), and the window where it is the one that was asked for (WINDOW).
 */
export async function answerQuery(context: QuestionContext, asked: ReadQuery): Promise<Result> {
  const { scope, settings } = context;
  const everybody = asked.query.audience === 'public' ? settings.ofEverybody : null;
  if (everybody !== null && everybody !== scope) return context.as(everybody, (one) => answerAs(one, asked));
  return answerAs(context, asked);
}

/** As who asks, or in the place of what they may not see, as somebody who sees nothing. */
async function answerAs(context: QuestionContext, asked: ReadQuery): Promise<Result> {
  const { scope } = context;
  try {
    return await answerIn(context, asked);
  } catch (error) {
    const otherwise = scope.kind === 'totals' ? scope.otherwise : undefined;
    if (!(error instanceof OfManyOnly) || !otherwise) return refusal(error);
    return context.as(otherwise, (one) => answerAs(one, asked));
  }
}

/** @throws InvalidQuery */
async function answerIn(context: QuestionContext, asked: ReadQuery): Promise<Result> {
  const view = viewOf(asked.query);
  const { plan, leftOut, answer, live } = await context.tx.attempt(async () => {
    const { plan, notices } = await planQuestion(context, view, asked.query);
    const answer = await view.answer(context, plan);
    return { plan, leftOut: notices, answer, live: await isLive(context, asked.query, view, plan.rows) };
  });
  const ignored = [...leftOut, ...ignoredMembers(asked.unknown), ...unusedMembers(asked.query, view)];
  const zone = zoneNotices(asked.query.timezone, plan.rows, {
    interval: answer.interval ?? null,
    groupBy: asked.query.groupBy ?? [],
  });
  const why = reasonNotices(context, answer.reason);
  const notices = [
    ...scopeNotices(context.scope),
    ...why,
    ...cutOffNotices(answer),
    ...answer.notices,
    ...zone,
    ...ignored,
  ];
  const meta = {
    custom: {
      asOf: AS_OF,
      ...(live ? { live: true } : {}),
      ...customMeta(plan, answer, context, asked.query),
    },
    executedQueryString: context.statements.join(';\n\n'),
    ...(notices.length > 0 ? { notices } : {}),
  };
  const { linksFor, refId } = asked;
  const bodies = linksFor === undefined ? answer.frames : forGrafana(view, answer, linksFor);
  return { status: 200, frames: bodies.map((body, index) => wireFrame(refId, body, index === 0 ? meta : {})) };
}

/** What a person sees in Grafana: links to its boards, and words where a table would be empty. */
function forGrafana({ saysWhyEmpty }: View, { frames, reason }: ViewAnswer, uid: string): readonly FrameBody[] {
  return reason && saysWhyEmpty ? [reasonFrame(reason, uid)] : frames.map((body) => withLinks(body, uid));
}

/** Why there is nothing; that the viewer may see nothing is a notice of every answer anyway. */
function reasonNotices({ scope }: QuestionContext, reason: Reason | null | undefined): Notice[] {
  return reason && scope.kind !== 'nothing' ? [{ severity: 'info', text: reason.text }] : [];
}

/** Says why there is no change, where the earlier window is not kept as a whole. */
function cutOffNotices({ compared, reason }: ViewAnswer): Notice[] {
  if (!compared?.isCutOff || reason) return [];
  const text = 'no change is told: the earlier window begins before the first event that is kept';
  return [{ severity: 'info', text }];
}

/** The result of a query that cannot be answered. @throws errors that are not the asker's fault */
export function refusal(error: unknown): Result {
  const status = error instanceof InvalidQuery ? 400 : tooMuch(error);
  if (status === null) throw error;
  return { status, error: (error as Error).message, errorSource: 'downstream' };
}

/** The status of a query that exceeds its time or disk limit; null for any other error. */
function tooMuch(error: unknown): 422 | 504 | null {
  if (!(error instanceof ApiError)) return null;
  return error.code === 'query_timeout' ? 504 : error.code === 'query_too_large' ? 422 : null;
}

function customMeta(
  { rows }: Planned,
  { interval, compared }: ViewAnswer,
  context: QuestionContext,
  { from, to, explain }: Query,
): Record<string, unknown> {
  const { window: earlier, kind, words, isCutOff } = compared ?? {};
  const { window } = rows;
  return {
    ...(compared ? { compared: { kind, ...earlier, words, isCutOff } } : {}),
    window: window.from === from && window.to === to ? WINDOW : window,
    interval: interval ?? null,
    timezone: rows.timezone,
    scope: rows.scope.kind,
    ...(explain === true ? { engine: { kept: context.made.kept, steps: context.made.steps } satisfies Made } : {}),
    sql: context.statements,
  };
}

function ignoredMembers(unknown: readonly string[]): Notice[] {
  if (unknown.length === 0) return [];
  const names = unknown.slice(0, 10).map((member) => JSON.stringify(member.slice(0, 80)));
  return [{ severity: 'info', text: `ignored, unknown: ${names.join(', ')}${unknown.length > 10 ? ' …' : ''}` }];
}

/**
 * Members that only affect other views: a notice says that they are ignored here. The editor, which sends a version,
 * hides them and keeps them for when the user switches back.
 */
function unusedMembers(query: Query, { name, members }: View): Notice[] {
  if (query.version != null) return [];
  const unused = (['metrics', 'groupBy', 'compare', 'intervals', 'filters', 'kinds'] as const).filter((member) => {
    const value = query[member];
    return value != null && Object.keys(value).length > 0 && !members.includes(member);
  });
  return unused.length === 0 ? [] : [{ severity: 'info', text: `the view ${name} does not use ${unused.join(', ')}` }];
}
