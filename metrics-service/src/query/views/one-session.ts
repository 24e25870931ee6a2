import type { DimensionName } from '../../catalogue/index.js';
import type { Notice } from '../../contract/frames.js';
import type { QuestionContext, Settings } from '../context.js';
import { planRows } from '../plan.js';
import type { Question } from '../question.js';
import { NO_SESSION_CHOSEN, whyNoSession, type Reason } from '../reasons.js';
import type { Planned } from './view.js';

/** The session that a question names, or why there is none to show. */
export interface OneSessionPlan extends Planned {
  /** null: not exactly one is named */
  readonly sessionId: string | null;
  readonly notices: readonly Notice[];
}

/**
 * The rows for a view of one session, named by `filters.session`; of other filters only those that the view `uses` apply to it.
 */
export function planOneSession(
  question: Question,
  settings: Settings,
  uses: readonly DimensionName[] = [],
): OneSessionPlan {
  const { rows, id, notices } = planOne(question, settings, 'session', uses);
  return { rows, sessionId: id, notices };
}

/** The rows of the one thing that a filter of this dimension names, and its id; null: not exactly one is named. */
export function planOne(
  question: Question,
  settings: Settings,
  name: 'session' | 'work_item',
  uses: readonly DimensionName[] = [],
) {
  const rows = planRows(question, settings);
  const ofIt = rows.filters.filter(({ dimension }) => dimension.name === name);
  const used = rows.filters.filter(({ dimension }) => uses.includes(dimension.name));
  const others = rows.filters
    .filter((one) => !ofIt.includes(one) && !used.includes(one))
    .map(({ dimension }) => dimension.name);
  const one = ofIt.find(({ values, none, negated }) => values.length === 1 && !none && !negated);
  const id = one?.values[0];
  const isOne = id !== undefined && ofIt.every((filter) => filter.values.includes(id) !== filter.negated);
  return {
    rows: { ...rows, filters: isOne ? [one!, ...used] : [] },
    id: isOne ? id : null,
    notices:
      others.length > 0
        ? [note(`this view filters by ${[name, ...uses].join(' and ')} only: ${others.join(', ')} ignored`)]
        : [],
  };
}

/** Why a view of one session has nothing to show. */
export async function whyEmpty(context: QuestionContext, { rows, sessionId }: OneSessionPlan): Promise<Reason> {
  if (context.scope.kind === 'nothing') return { kind: 'no_access', text: context.scope.said };
  return sessionId === null ? NO_SESSION_CHOSEN : whyNoSession(context, rows, sessionId);
}

function note(text: string): Notice {
  return { severity: 'info', text };
}
