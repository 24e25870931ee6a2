import { sessions } from '../../catalogue/bases/sessions.js';
import { columnsOf, type Measure } from '../../catalogue/measure.js';
import { expressionOf, joins } from '../sql/conditions.js';
import { clause, Draft, lines, type Select, type Statement } from '../sql/statement.js';
import { activeSessions } from './active-sessions.js';
import { groupColumn, remains, selectClause, selectPerWindow, type Aggregation } from './aggregation.js';
import { isSliced } from '../cut.js';

/** The measures of active sessions, in one statement: activity per session, then per group. */
export function sessionMeasuresStatement(orgId: string, aggregation: Aggregation): Statement {
  const draft = new Draft(orgId);
  return draft.statement(selectPerWindow(aggregation, (part, slice) => selectSessions(part, slice, draft)));
}

function selectSessions(aggregation: Aggregation, givenSlice: string | null, draft: Draft): Select {
  const { groups, measures, rows, cut, leftOut } = aggregation;
  const expressions = groups.map((group) => expressionOf(group, 'session'));
  const ofLeftOut = leftOut?.groups.map((group) => expressionOf(group, 'session')) ?? [];
  const used = [...[...expressions, ...ofLeftOut].flatMap(({ columns }) => columns), ...measures.flatMap(columnsOf)];
  const active = activeSessions(rows, cut, used, draft, isOfHandoffs(aggregation) ? ['handoffs'] : undefined);
  const slice = isSliced(cut) ? ['a.slice'] : [];
  const body = lines(
    selectClause(aggregation, expressions, [slice, givenSlice ?? []].flat()),
    'from active a',
    joins(active.columns, 'a', draft),
    clause(
      'where',
      [...active.conditions, ...(leftOut ? [remains(leftOut, 'session', slice[0] ?? null, draft)] : [])],
      '\n  and ',
    ),
    clause('group by', [...groups.map(groupColumn), ...slice], ', '),
  );
  return { with: active.with, body };
}

/** Whether sessions without a handoff change nothing, nor make a group. */
function isOfHandoffs({ measures, groups, rows }: Aggregation): boolean {
  return groups.length === 0 && rows.filters.length === 0 && measures.every((measure) => OF_HANDOFFS.includes(measure));
}

const OF_HANDOFFS: readonly Measure[] = [
  sessions.handoffs,
  sessions.sessions_with_handoff,
  sessions.sessions_with_followed_handoff,
];
