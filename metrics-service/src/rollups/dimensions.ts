import { column, type Expression } from '../catalogue/columns.js';
import { findDimension, type DimensionName } from '../catalogue/dimensions.js';

/** Attributes of runs that are kept as they are; each reads columns of runs and of what is marked of sessions. */
const AS_THEY_ARE = [
  'workspace',
  'runtime',
  'model',
  'status',
  'failure_category',
  'failure_fingerprint',
  'task_type',
  'agent',
  'role',
  'workflow',
  'stage',
] as const satisfies DimensionName[];

/**
 * By what sums are kept, as a value of each run. Who a user id belongs to, in which team they are, and what a repository is
 * called now is looked up when somebody asks.
 */
export const ROLLED_DIMENSIONS: Readonly<Record<string, Expression>> = {
  user: column('r.user_id'),
  repo: column('s.repo'),
  ...Object.fromEntries(AS_THEY_ARE.map((name) => [name, findDimension(name)!.run!])),
};

/** The dimension of sums by which a question's dimension can be told; null if there is none. */
export function rolledBy(name: DimensionName): string | null {
  if (name === 'team') return 'user';
  return name in ROLLED_DIMENSIONS ? name : null;
}
