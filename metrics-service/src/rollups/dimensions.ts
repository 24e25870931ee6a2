import { column, type Expression } from '../catalogue/columns.js';
import { findDimension, type DimensionName } from '../catalogue/dimensions.js';

/** By whose values sums are kept. */
export interface RolledDimension {
  readonly name: string;
  /** the dimensions of questions that can be told from its values, together too */
  readonly tells: readonly DimensionName[];
  /** its value of a run: it reads columns of runs, and of sessions and work items what is marked */
  readonly value: Expression;
}

const rolled = (name: DimensionName): RolledDimension => ({ name, tells: [name], value: findDimension(name)!.run! });

const USER: RolledDimension = { name: 'user', tells: ['user', 'team'], value: column('r.user_id') };
const REPO: RolledDimension = { name: 'repo', tells: ['repo'], value: column('s.repo') };
/** How a run ended: its status, a space, and its failure category. */
const OUTCOME: RolledDimension = {
  name: 'outcome',
  tells: ['status', 'failure_category'],
  value: { sql: `r.status || ' ' || coalesce(r.failure_category, '')`, columns: ['r.status', 'r.failure_category'] },
};
const [AGENT, MODEL, RUNTIME, TASK_TYPE] = [rolled('agent'), rolled('model'), rolled('runtime'), rolled('task_type')];

/**
 * By what sums are kept. Who a user id belongs to, in which team they are, and what a repository is called now is looked up
 * when somebody asks.
 */
export const ROLLED_DIMENSIONS: readonly RolledDimension[] = [
  USER,
  REPO,
  rolled('workspace'),
  AGENT,
  rolled('failure_fingerprint'),
  OUTCOME,
  RUNTIME,
  MODEL,
  TASK_TYPE,
  rolled('role'),
  rolled('workflow'),
  rolled('stage'),
  rolled('work_item_type'),
];

/** By what is kept what there is of tool calls. */
export const TOOL: RolledDimension = rolled('tool');

/** What sums are kept by: a dimension, whose values are in the column `value`, or two, those of the second in `other`. */
export interface KeptBy {
  readonly name: string;
  readonly of: readonly [RolledDimension] | readonly [RolledDimension, RolledDimension];
}

const pair = (one: RolledDimension, other: RolledDimension): KeptBy => ({
  name: `${one.name}+${other.name}`,
  of: [one, other],
});

/** The pairs that boards ask for. Which ones are kept, and in slots of which lengths, depends on the runs (levels.ts). */
export const KEPT_BY: readonly KeptBy[] = [
  ...ROLLED_DIMENSIONS.map((one): KeptBy => ({ name: one.name, of: [one] })),
  ...[REPO, AGENT, MODEL, RUNTIME, OUTCOME].map((other) => pair(USER, other)),
  ...[MODEL, RUNTIME, OUTCOME].map((other) => pair(REPO, other)),
  ...[MODEL, OUTCOME].flatMap((other) => [pair(AGENT, other), pair(TASK_TYPE, other)]),
  pair(MODEL, RUNTIME),
  pair(MODEL, OUTCOME),
  pair(RUNTIME, OUTCOME),
];

/** By what the sums are kept that tell a question's dimension; null if there are none. */
export function rolledBy(name: DimensionName): RolledDimension | null {
  return ROLLED_DIMENSIONS.find(({ tells }) => tells.includes(name)) ?? null;
}

/** By what sums are kept that tell all of these; null if there are none. */
export function keptByAll(dimensions: readonly RolledDimension[]): KeptBy | null {
  const all = [...new Set(dimensions)];
  return KEPT_BY.find(({ of }) => of.length === all.length && all.every((one) => of.includes(one))) ?? null;
}
