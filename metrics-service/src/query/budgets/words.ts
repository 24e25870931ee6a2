import { eventTypes } from '../../contract/events.js';
import { STATED_AT } from '../../ingest/future.js';
import type { QuestionContext } from '../context.js';
import { Draft, lines } from '../sql/statement.js';
import { readFilters, readThresholds, resolveAll, type Budget, type ReadBudget } from './budget.js';
import { visibleOf } from './visible.js';

/** What was said of a budget at some time, and by which source. */
export interface Word<B = Budget> {
  readonly id: string;
  /** epoch ms */
  readonly at: number;
  readonly by: string;
  /** what held from then on; null: nothing, it was deleted, or what the viewer may not see */
  readonly budget: B | null;
}

/** All that was ever said of the budgets, by id, in the order in which it holds; of those of which the viewer sees any. */
export async function wordsOf(context: QuestionContext): Promise<Map<string, Word[]>> {
  const words = context.scope.kind === 'nothing' ? [] : await readWords(context);
  const set = words.flatMap(({ budget }) => budget ?? []);
  const filters = await resolveAll(context, set);
  const known = new Map<ReadBudget, Budget>();
  set.forEach((one, at) => {
    if (filters[at] != null) known.set(one, { ...one, filters: filters[at] });
  });
  const seen = new Set(await visibleOf(context, [...known.values()]));
  const found = new Map<string, Word[]>();
  for (const { budget, ...word } of words) {
    const held = budget === null ? undefined : known.get(budget);
    const shown = held && seen.has(held) ? held : null;
    found.set(word.id, [...(found.get(word.id) ?? []), { ...word, budget: shown }]);
  }
  return new Map([...found].filter(([, ofOne]) => ofOne.some(({ budget }) => budget !== null)));
}

async function readWords(context: QuestionContext): Promise<Word<ReadBudget>[]> {
  const draft = new Draft(context.orgId);
  const sql = lines(
    `select substr(entity, length('budget:') + 1) as budget, source, (extract(epoch from ${STATED_AT}) * 1000)::float8 as at,`,
    `  case when type = 'budget.set' then data end as data`,
    `from ${draft.table('events')}`,
    'where org_id = $1',
    "  and entity >= 'budget:'",
    "  and entity < 'budget;'",
    `order by entity, rank, ${STATED_AT}, id, source`,
  );
  const rows = (await context.ask(draft.statement(sql))) as unknown as Stored[];
  return rows.map(({ budget: id, source: by, at, data }) => ({
    id,
    at,
    by,
    budget: data === null ? null : budgetOf(data),
  }));
}

interface Stored {
  readonly budget: string;
  readonly source: string;
  readonly at: number;
  readonly data: unknown;
}

const { data: schema } = eventTypes['budget.set'];

function budgetOf(data: unknown): ReadBudget {
  const { budgetId: id, name, limitUsd: limitNanos, period, filters, thresholds } = schema.parse(data);
  return {
    ...{ id, limitNanos, period },
    name: name || null,
    filters: readFilters(filters),
    thresholds: readThresholds(thresholds),
  };
}
