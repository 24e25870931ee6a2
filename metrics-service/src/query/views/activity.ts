import { jsonColumn, textColumn, timeColumn } from '../frames.js';
import { planDirection } from '../plan.js';
import { sessionActivityStatement, type ActivityPage } from '../statements/session-activity.js';
import { inWords } from '../../catalogue/index.js';
import { showDuration } from '../../format/numbers.js';
import { cutNotices, planLimit } from './list.js';
import { planOneSession, whyEmpty, type OneSessionPlan } from './one-session.js';
import type { View } from './view.js';

const DEFAULT_ITEMS = 1000;

const KINDS = { 1: 'message', 2: 'run', 3: 'handoff' } as const;

interface Item {
  readonly rank: keyof typeof KINDS;
  /** epoch ms */
  readonly at: number;
  readonly id: string;
  readonly user: string | null;
  readonly user_id: string | null;
  /** status, role or method */
  readonly what: string;
  readonly text: string | null;
  readonly failure_category: string | null;
  readonly model: string | null;
  readonly duration: number | null;
}

interface ActivityPlan extends OneSessionPlan {
  readonly page: ActivityPage;
}

/**
 * The messages, runs and handoffs of a session in order, earliest first, for Grafana's logs panel; of a run of it, what happened
 * from its start to its end.
 */
export const activity: View<ActivityPlan> = {
  name: 'activity',
  title: 'Activity of a session',
  members: ['filters', 'direction', 'limit', 'offset'],
  filters: ['session', 'run'],
  plan(question, settings) {
    const direction = planDirection({ direction: question.direction || 'asc' });
    const page = { direction, ...planLimit(question, 'activity', DEFAULT_ITEMS) };
    return { ...planOneSession(question, settings, ['run']), page };
  },
  async answer(context, plan) {
    const { rows, sessionId, notices, page } = plan;
    const found = sessionId === null ? [] : await context.ask(sessionActivityStatement(context.orgId, rows, page));
    const items = found as unknown as Item[];
    const all = Number(found[0]?.found ?? 0);
    return {
      frames: [{ type: 'log-lines', visualisation: 'logs', columns: logLines(items) }],
      reason: found.length === 0 && page.offset === 0 ? await whyEmpty(context, plan) : null,
      notices: [...cutNotices(items.length, page.offset, all, ' messages, runs and handoffs'), ...notices],
    };
  },
};

function logLines(items: readonly Item[]) {
  return [
    timeColumn(
      'timestamp',
      items.map(({ at }) => at),
    ),
    textColumn('body', items.map(bodyOf)),
    textColumn('severity', items.map(severityOf)),
    textColumn(
      'id',
      items.map(({ rank, id }) => `${KINDS[rank]}:${id}`),
    ),
    jsonColumn('labels', items.map(labelsOf)),
  ];
}

/** What happened, in one line; a message's own words if the organization stores them. */
function bodyOf(item: Item): string {
  if (item.rank === 1) return item.text ?? `Message of ${item.what === 'user' ? 'the user' : `the ${item.what}`}`;
  if (item.rank === 3) return `Handoff: ${inWords('method', item.what)}`;
  const lasted = item.duration === null ? '' : ` after ${showDuration(item.duration)}`;
  const category = item.failure_category === null ? null : inWords('failure_category', item.failure_category);
  const why = [category, item.text].filter((text) => text !== null).join(', ');
  return `Run ${item.id} ${inWords('status', item.what).toLowerCase()}${lasted}${why === '' ? '' : `: ${why}`}`;
}

const SEVERITIES: Record<string, string> = { FAILED: 'error', TIMEOUT: 'error', CANCELED: 'warning' };

function severityOf({ rank, what }: Item): string {
  return rank === 2 ? (SEVERITIES[what] ?? 'info') : 'info';
}

const WHAT = { 1: 'role', 2: 'status', 3: 'method' } as const;

function labelsOf({ rank, id, what, user, user_id, model, failure_category }: Item): Record<string, string> {
  const kind = KINDS[rank];
  const labels = { kind, [kind]: id, [WHAT[rank]]: what, user, user_id, model, failure_category };
  return Object.fromEntries(Object.entries(labels).filter((entry): entry is [string, string] => entry[1] !== null));
}
