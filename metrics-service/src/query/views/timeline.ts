import { usdOf } from '../../catalogue/exact.js';
import type { QuestionContext } from '../context.js';
import { jsonColumn, numberColumn, textColumn, type FrameColumn } from '../frames.js';
import {
  handoffSpan,
  runSpans,
  sessionSpan,
  type Span,
  type TimelineHandoff,
  type TimelineRun,
  type TimelineSession,
} from '../spans.js';
import { timelineHandoffsStatement, timelineRunsStatement, timelineSessionStatement } from '../statements/timeline.js';
import { cutNotices, MAX_ROWS, planLimit } from './list.js';
import { planOneSession, whyEmpty, type OneSessionPlan } from './one-session.js';
import type { View } from './view.js';
import type { Rows } from '../rows.js';

interface TimelinePlan extends OneSessionPlan {
  readonly limit: number;
}

/**
 * One session as a trace: the session, its runs with their phases, its handoffs; the earliest ones if there are too
 * many.
 */
export const timeline: View<TimelinePlan> = {
  name: 'timeline',
  title: 'Timeline of a session',
  members: ['filters', 'limit'],
  filters: ['session'],
  plan(question, settings) {
    const { limit } = planLimit(question, 'timeline', MAX_ROWS);
    return { ...planOneSession(question, settings), limit };
  },
  async answer(context, plan) {
    const { rows, sessionId, limit, notices } = plan;
    const { spans, found } =
      sessionId === null ? { spans: [], found: 0 } : await spansOf(context, rows, { sessionId, limit });
    return {
      frames: [{ visualisation: 'trace', columns: traceColumns(sessionId ?? '', spans) }],
      reason: found === 0 ? await whyEmpty(context, plan) : null,
      notices: [...cutNotices(spans.length, 0, found, ' spans'), ...notices],
    };
  },
};

/** The first `limit` spans, and their total number. */
async function spansOf(
  context: QuestionContext,
  rows: Rows,
  { sessionId, limit }: { sessionId: string; limit: number },
): Promise<{ spans: Span[]; found: number }> {
  const { orgId } = context;
  const [row] = await context.ask(timelineSessionStatement(orgId, rows));
  const session = row as unknown as TimelineSession;
  if (session.first_at === null) return { spans: [], found: 0 };
  const found = await context.ask(timelineRunsStatement(orgId, rows, limit));
  const runs = found.map((run) => ({
    ...run,
    total_cost: usdOf(run.cost_nanos as string | null),
  })) as unknown as TimelineRun[];
  const handoffs = (await context.ask(timelineHandoffsStatement(orgId, rows, limit))) as unknown as TimelineHandoff[];
  const end = { window: rows.window.to, now: Math.min(context.now, rows.window.to) };
  const families = [
    ...runs.map((one) => runSpans(sessionId, one, end.now)),
    ...handoffs.map((one) => [handoffSpan(sessionId, one)]),
  ].sort(([one], [other]) => one!.startTime - other!.startTime);
  const spans = [sessionSpan(sessionId, session, end), ...families.flat()].slice(0, limit);
  return { spans, found: 1 + session.runs + session.phases + session.handoffs };
}

function traceColumns(traceId: string, spans: readonly Span[]): FrameColumn[] {
  const texts = (name: string, of: (span: Span) => string | null): FrameColumn => textColumn(name, spans.map(of));
  const ms = (name: 'startTime' | 'duration'): FrameColumn =>
    numberColumn(
      name,
      spans.map((span) => span[name]),
      { config: { unit: name === 'duration' ? 'ms' : 'dateTimeAsIso' } },
    );
  return [
    texts('traceID', () => traceId),
    texts('spanID', ({ spanID }) => spanID),
    texts('parentSpanID', ({ parentSpanID }) => parentSpanID),
    texts('operationName', ({ operationName }) => operationName),
    // Grafana colours spans by service
    texts('serviceName', ({ kind }) => kind),
    jsonColumn(
      'serviceTags',
      spans.map(() => []),
    ),
    ms('startTime'),
    ms('duration'),
    jsonColumn(
      'tags',
      spans.map(({ tags }) => tags),
    ),
    jsonColumn(
      'logs',
      spans.map(({ logs }) => logs),
    ),
    numberColumn(
      'statusCode',
      spans.map(({ statusCode }) => statusCode),
      {},
    ),
    texts('statusMessage', ({ statusMessage }) => statusMessage),
  ];
}
