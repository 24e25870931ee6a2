import type { QuestionContext, Row } from '../context.js';
import { SESSION_COLUMNS, sessionsListStatement } from '../statements/sessions-list.js';
import { sessionDetailStatement } from '../statements/session-detail.js';
import type { ListColumn, RowColumn } from '../statements/list.js';
import { inWords } from '../../catalogue/index.js';
import { showDuration } from '../../format/numbers.js';
import { showTime } from '../../format/values.js';
import { listColumns } from './list.js';
import { planOneSession, whyEmpty, type OneSessionPlan } from './one-session.js';
import type { View } from './view.js';
import type { Rows } from '../rows.js';

const COLUMNS: readonly (RowColumn | ListColumn)[] = [
  ...SESSION_COLUMNS,
  { name: 'messages', type: 'number', title: 'Messages', unit: 'locale' },
  { name: 'handoff_methods', type: 'text', title: 'Handoff methods' },
  { name: 'post_handoff_reason', type: 'text', title: 'Why post-handoff iteration' },
];

/** One session's row, with its number of messages, its handoffs, and why it counts as post-handoff iteration. */
export const session: View<OneSessionPlan> = {
  name: 'session',
  title: 'One session',
  members: ['filters'],
  filters: ['session'],
  saysWhyEmpty: true,
  plan: planOneSession,
  async answer(context, plan) {
    const { rows, sessionId, notices } = plan;
    const found = sessionId === null ? [] : await sessionRow(context, rows, sessionId);
    return {
      frames: [{ visualisation: 'table', columns: listColumns(COLUMNS, found) }],
      notices,
      reason: found.length === 0 ? await whyEmpty(context, plan) : null,
    };
  },
};

async function sessionRow(context: QuestionContext, rows: Rows, sessionId: string): Promise<Row[]> {
  const { orgId } = context;
  const only = { order: SESSION_COLUMNS[0]!, direction: 'asc', limit: 1, offset: 0 } as const;
  const [row] = await context.ask(sessionsListStatement(orgId, rows, only));
  if (!row) return [];
  const [detail] = await context.ask(sessionDetailStatement(orgId, rows, sessionId));
  const methods = detail!.handoff_methods as string[] | null;
  return [
    {
      ...row,
      ...detail,
      handoff_methods: methods && methods.map((method) => inWords('method', method)).join(', '),
      post_handoff_reason: reasonOf(detail as unknown as Followed, rows),
    },
  ];
}

interface Followed {
  readonly method: string;
  readonly handoff_at: number;
  /** null: no run followed a handoff */
  readonly run_id: string | null;
  readonly after_ms: number;
}

/** Why the session counts as post-handoff iteration; null if it does not. */
function reasonOf(followed: Followed, { timezone, postHandoffMs }: Rows): string | null {
  if (followed.run_id === null) return null;
  const handoff = `${inWords('method', followed.method)} at ${showTime(followed.handoff_at, timezone)}`;
  const after = `${showDuration(followed.after_ms)} later`;
  return `${handoff} was followed by run ${followed.run_id} ${after}, within ${showDuration(postHandoffMs)}`;
}
