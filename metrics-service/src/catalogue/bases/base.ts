import type { BaseName, Measure } from '../measure.js';

/**
 * Takes a table for a statement and returns its name; every table goes through it, so that a statement's tables are
 * known.
 */
export type TakeTable = (table: string) => string;

/** A base: the kind of rows in the window that a number is computed over, and how to select, group and filter them. */
export interface Base<B extends BaseName = BaseName> {
  readonly name: B;
  /** the rows in words, for messages about groups and filters */
  readonly title: string;
  /**
   * whether dimensions are attributes of the run (by `startedAt`, with its user), of the active session (with its
   * creator), or of the person itself
   */
  readonly rowsOf: 'run' | 'session' | 'person';
  /** where the rows come from, if they are no runs: it has the columns of runs that its dimensions and measures read */
  readonly from?: (table: TakeTable) => string;
  /** the join that yields the rows, if a run has several of them */
  readonly join?: (table: TakeTable) => string;
  /** the number of rows, and of people, behind a number: public boards hide numbers over few people */
  readonly rows: Measure<B>;
  readonly people: Measure<B>;
  /** whether additive measures of two adjoining windows add up to that of both together */
  readonly addsUpOverTime: boolean;
  /** whether what is read of a row depends on the window it is asked in: slices and their whole are asked for apart */
  readonly dependsOnWindow?: true;
}

/** Declares a base. */
export function base<B extends BaseName>(definition: Base<B>): Base<B> {
  return definition;
}
