import { column, type Expression } from '../catalogue/columns.js';
import { findDimension, type DimensionName } from '../catalogue/dimensions.js';

/** By whose values sums are kept. */
export interface RolledDimension {
  readonly name: string;
  /** the dimensions of questions that can be told from its values, together too */
  readonly tells: readonly DimensionName[];
  /** its value of a run: it reads columns of runs, and of sessions what is marked */
  readonly value: Expression;
  /** lengths of slots in minutes, as `LEVELS` */
  readonly levels: readonly number[];
}

/** Of few values: an hour has many runs of each. A week begins on a Thursday, as the epoch does. */
const OF_FEW = { levels: [10_080, 1440, 60] };
/** Of many values: in shorter slots there would be as many sums as runs. */
const OF_MANY = { levels: [10_080, 1440, 360] };

const rolled = (name: DimensionName, kept: typeof OF_FEW): RolledDimension => ({
  name,
  tells: [name],
  value: findDimension(name)!.run!,
  ...kept,
});

/** How a run ended: its status, a space, and its failure category. */
const OUTCOME: RolledDimension = {
  name: 'outcome',
  tells: ['status', 'failure_category'],
  value: { sql: `r.status || ' ' || coalesce(r.failure_category, '')`, columns: ['r.status', 'r.failure_category'] },
  ...OF_FEW,
};

/**
 * By what sums are kept. Who a user id belongs to, in which team they are, and what a repository is called now is looked up
 * when somebody asks.
 */
export const ROLLED_DIMENSIONS: readonly RolledDimension[] = [
  { name: 'user', tells: ['user', 'team'], value: column('r.user_id'), ...OF_MANY },
  { name: 'repo', tells: ['repo'], value: column('s.repo'), ...OF_MANY },
  rolled('workspace', OF_MANY),
  rolled('agent', OF_MANY),
  rolled('failure_fingerprint', OF_MANY),
  OUTCOME,
  rolled('runtime', OF_FEW),
  rolled('model', OF_FEW),
  rolled('task_type', OF_FEW),
  rolled('role', OF_FEW),
  rolled('workflow', OF_FEW),
  rolled('stage', OF_FEW),
];

/** By what the sums are kept that tell a question's dimension; null if there are none. */
export function rolledBy(name: DimensionName): RolledDimension | null {
  return ROLLED_DIMENSIONS.find(({ tells }) => tells.includes(name)) ?? null;
}
