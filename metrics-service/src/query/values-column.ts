import { DIMENSIONS, findDimension, valueFor, type Dimension } from '../catalogue/index.js';
import runsMetric from '../catalogue/metrics/runs.js';
import type { QuestionContext, Settings } from './context.js';
import { evaluate } from './evaluate.js';
import { textColumn, type FrameColumn } from './frames.js';
import { nameGroups, type GroupedAnswer, type GroupedPlan } from './groups.js';
import { WHOLE } from './grid.js';
import { InvalidQuery, unknownName } from './invalid.js';
import { checkTakes, planCut } from './plan.js';
import type { Question } from './question.js';
import { checkLists } from './visibility.js';

/** So many are named. */
const MOST_NAMED = 5;

/** The dimension that `values` names; null without. @throws InvalidQuery, also for who may see numbers of many only */
export function planValues(question: Question, plan: GroupedPlan, { scope }: Settings): Dimension | null {
  if (!question.values) return null;
  const dimension = findDimension(question.values);
  if (!dimension) {
    throw unknownName(
      'dimension',
      question.values,
      DIMENSIONS.map(({ name }) => name),
    );
  }
  const [group, other] = plan.groups;
  if (!group || other || group === dimension) {
    throw new InvalidQuery('values: names the values of another dimension within each group, so it takes one grouping');
  }
  checkTakes(runsMetric, [group, dimension], plan.rows.filters);
  checkLists(scope);
  return dimension;
}

/** Per group the values that its runs have of a dimension, those of most runs first: "a, b and 3 more". */
export async function valuesColumn(
  context: QuestionContext,
  { rows, groups: [group] }: GroupedPlan,
  dimension: Dimension,
  { groups }: Pick<GroupedAnswer, 'groups'>,
): Promise<FrameColumn> {
  const dimensions = [group!, dimension];
  const value = valueFor(runsMetric, [...dimensions, ...rows.filters.map((filter) => filter.dimension)]);
  const cut = planCut(rows, null);
  const grid = await evaluate(context, { values: [value], extraMeasures: [], groups: dimensions, rows, cut });
  const found = new Map<string | null, { name: string; runs: number }[]>();
  for (const { group: pair, names } of await nameGroups(context, grid.groups, dimensions)) {
    const [key, name] = [pair.key[0]!, names[1] ?? null];
    if (name === null) continue;
    const others = found.get(key) ?? [];
    others.push({ name, runs: grid.value(value, pair, WHOLE) ?? 0 });
    found.set(key, others);
  }
  const texts = groups.map(({ group: { key } }) => inWords(found.get(key[0]!) ?? []));
  return textColumn(`${dimension.name}_values`, texts, { displayNameFromDS: `${dimension.title} (values)` });
}

function inWords(values: readonly { name: string; runs: number }[]): string | null {
  if (values.length === 0) return null;
  const names = [...values]
    .sort((one, other) => other.runs - one.runs || (one.name < other.name ? -1 : 1))
    .map(({ name }) => name);
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
