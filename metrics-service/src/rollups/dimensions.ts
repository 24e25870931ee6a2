import { column, type Expression } from '../catalogue/columns.js';
import { findDimension, type DimensionName } from '../catalogue/dimensions.js';

/** A dimension by whose values sums are kept. */
export interface RolledDimension {
  readonly name: string;
  /** its value of a run: it reads columns of runs, and of sessions what is marked */
  readonly value: Expression;
  /** lengths of slots in minutes, as `LEVELS` */
  readonly levels: readonly number[];
  /** with fewer runs a day there are almost as many sums as runs */
  readonly leastDailyRuns: number;
}

/** Of few values: an hour has many runs of each. A week begins on a Thursday, as the epoch does. */
const OF_FEW = { levels: [10_080, 1440, 60], leastDailyRuns: 200 };
/** Of many values: in shorter slots there would be as many sums as runs. */
const OF_MANY = { levels: [10_080, 1440, 360], leastDailyRuns: 2_000 };

const rolled = (name: DimensionName, kept: typeof OF_FEW): RolledDimension => ({
  name,
  value: findDimension(name)!.run!,
  ...kept,
});

/**
 * By what sums are kept. Who a user id belongs to, in which team they are, and what a repository is called now is looked up
 * when somebody asks.
 */
export const ROLLED_DIMENSIONS: readonly RolledDimension[] = [
  { name: 'user', value: column('r.user_id'), ...OF_MANY },
  { name: 'repo', value: column('s.repo'), ...OF_MANY },
  rolled('workspace', OF_MANY),
  rolled('agent', OF_MANY),
  rolled('failure_fingerprint', OF_MANY),
  rolled('runtime', OF_FEW),
  rolled('model', OF_FEW),
  rolled('status', OF_FEW),
  rolled('failure_category', OF_FEW),
  rolled('task_type', OF_FEW),
  rolled('role', OF_FEW),
  rolled('workflow', OF_FEW),
  rolled('stage', OF_FEW),
];

/** The dimension of sums by which a question's dimension can be told; null if there is none. */
export function rolledBy(name: DimensionName): RolledDimension | null {
  const kept = name === 'team' ? 'user' : name;
  return ROLLED_DIMENSIONS.find((dimension) => dimension.name === kept) ?? null;
}
