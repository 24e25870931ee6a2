import type { QuestionContext } from '../context.js';
import type { Filter } from '../filters.js';
import { shellWord } from '../../format/shell.js';
import type { Reason } from '../reasons.js';
import { isNarrow } from '../sql/row-scope.js';

const SET = 'npx runboard budget set core-monthly --limit 2500 --period month --filter team=core --org';

/** Why no budget is shown; it tells a viewer no more of those of others than the answer does. Pure. */
export function whyNoBudget(
  { scope, orgId }: Pick<QuestionContext, 'scope' | 'orgId'>,
  filters: readonly Filter[],
): Reason {
  if (scope.kind === 'nothing') return { kind: 'no_access', text: scope.said };
  if (filters.length > 0) return { kind: 'nothing_found', text: 'no budget of that name is set, or yours to see' };
  if (isNarrow(scope)) {
    return {
      kind: 'nothing_found',
      text: 'no budget is about runs all of which you may see: your own, or your team’s',
    };
  }
  if (scope.kind === 'totals') {
    return { kind: 'nothing_found', text: 'no budget is set here, or none is about enough people to be shown' };
  }
  const command = `${SET} ${shellWord(orgId)}`;
  return { kind: 'no_budgets', text: `no budget is set here. Set one: ${command}`, command };
}
