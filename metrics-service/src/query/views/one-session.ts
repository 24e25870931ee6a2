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
  const rows = planRows(question, settings);
  const ofSession = rows.filters.filter(({ dimension }) => dimension.name === 'session');
  const used = rows.filters.filter(({ dimension }) => uses.includes(dimension.name));
  const others = rows.filters
    .filter((one) => !ofSession.includes(one) && !used.includes(one))
    .map(({ dimension }) => dimension.name);
  const one = ofSession.find(({ values, none, negated }) => values.length === 1 && !none && !negated);
  const sessionId = one?.values[0];
  const isOne =
    sessionId !== undefined && ofSession.every((filter) => filter.values.includes(sessionId) !== filter.negated);
  return {
    rows: { ...rows, filters: isOne ? [one!, ...used] : [] },
    sessionId: isOne ? sessionId : null,
    notices:
      others.length > 0
        ? [note(`this view filters by ${['session', ...uses].join(' and ')} only: ${others.join(', ')} ignored`)]
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
