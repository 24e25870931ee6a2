import type { Notice } from '../../contract/frames.js';
import { showTime } from '../../format/values.js';
import { UNITS } from '../../catalogue/units.js';
import type { QuestionContext, Row, Settings } from '../context.js';
import { quoted } from '../invalid.js';
import type { Question } from '../question.js';
import { isKnown, minutesOf, NO_WORK_ITEM_CHOSEN, type Reason } from '../reasons.js';
import { workItemDetailStatement } from '../statements/work-item-detail.js';
import type { ListColumn, RowColumn } from '../statements/list.js';
import { WORK_ITEM_COLUMNS, workItemsListStatement } from '../statements/work-items-list.js';
import { listColumns } from './list.js';
import { planOne } from './one-session.js';
import type { Planned, View } from './view.js';
import { yourPart } from './work-items.js';

/** Fewer similar ones say nothing of what is usual. */
const LEAST_SIMILAR = 5;

const COLUMNS: readonly (RowColumn | ListColumn)[] = [
  ...WORK_ITEM_COLUMNS,
  { name: 'life_cost', type: 'number', title: 'Cost in its whole life', unit: UNITS.USD },
  { name: 'similar_items', type: 'number', title: 'Similar ones', unit: UNITS['work items'] },
  { name: 'usual_cost', type: 'number', title: 'Usual cost', unit: UNITS.USD },
  { name: 'usual_time_to_close', type: 'number', title: 'Usual time to close', unit: UNITS.ms },
];

interface Plan extends Planned {
  /** null: not exactly one is named */
  readonly id: string | null;
  readonly notices: readonly Notice[];
}

/** One work item's row, with what it cost in its whole life, and what those of its type and project usually cost. */
export const workItem: View<Plan> = {
  name: 'work_item',
  title: 'One work item',
  members: ['filters'],
  filters: ['work_item'],
  saysWhyEmpty: true,
  plan: (question: Question, settings: Settings) => planOne(question, settings, 'work_item'),
  async answer(context, { rows, id, notices }) {
    const only = { order: WORK_ITEM_COLUMNS[0]!, direction: 'asc', limit: 1, offset: 0 } as const;
    const found = id === null ? [] : await context.ask(workItemsListStatement(context.orgId, rows, only));
    const detail = id === null ? null : (await context.ask(workItemDetailStatement(context.orgId, id)))[0]!;
    const shown = found.map((row) => ({ ...row, ...detailOf(detail!) }));
    return {
      frames: [{ visualisation: 'table', columns: listColumns(COLUMNS, shown) }],
      notices: [...notices, ...yourPart(rows)],
      reason: found.length > 0 ? null : await whyEmpty(context, { rows, id }, detail),
    };
  },
};

function detailOf({ life_cost: cost, similar_items: similar, usual_cost, usual_time_to_close }: Row) {
  const isTold = Number(similar) >= LEAST_SIMILAR;
  return {
    life_cost: cost as number | null,
    similar_items: Number(similar),
    usual_cost: isTold ? (usual_cost as number | null) : null,
    usual_time_to_close: isTold ? (usual_time_to_close as number | null) : null,
  };
}

async function whyEmpty(
  context: QuestionContext,
  { rows, id }: Pick<Plan, 'rows' | 'id'>,
  detail: Row | null,
): Promise<Reason> {
  if (context.scope.kind === 'nothing') return { kind: 'no_access', text: context.scope.said };
  if (id === null || id === '') return NO_WORK_ITEM_CHOSEN;
  const name = quoted(id);
  const { first_at: first, last_at: last } = detail as { first_at: number | null; last_at: number | null };
  if (first !== null && last !== null) {
    const [from, to] = [first, last].map((ms) => showTime(ms, rows.timezone));
    const text = `no run in this range is about work item ${name}: its runs started from ${from} to ${to}. Show it in its own time`;
    return { kind: 'work_item_elsewhen', text, workItem: { id, time: minutesOf(first, last) } };
  }
  if (detail!.is_known === true || (await isKnown(context, rows.filters[0]!))) {
    return { kind: 'nothing_in_range', text: `work item ${name} is known, but no run is about it yet` };
  }
  // the same words for one that does not exist and one that is hidden
  const text = `work item ${name} is not known here. Check its id; it may also not be linked yet, or not be yours to see`;
  return { kind: 'unknown_work_item', text };
}
