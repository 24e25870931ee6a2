import type { BaseName, Measure } from '../measure.js';

/** The name of a table as a statement takes it: whoever reads one asks for it, so that it is known which it reads. */
export type TakeTable = (table: string) => string;

/** What a number can be over: rows of one kind in the window, with what is needed to select, group and filter them. */
export interface Base<B extends BaseName = BaseName> {
  readonly name: B;
  /** what its metrics take groups and filters of, in words */
  readonly title: string;
  /** whose attributes its dimensions are: the run's (by `startedAt`, with its user) or the active session's (with its creator) */
  readonly rowsOf: 'run' | 'session';
  /** for what a run has several of: the join that makes them rows */
  readonly join?: (table: TakeTable) => string;
  /** how many rows a number is about, and how many people they are of: public boards tell neither over few */
  readonly rows: Measure<B>;
  readonly people: Measure<B>;
  /** whether additive measures of two adjoining windows add up to that of both */
  readonly addsUpOverTime: boolean;
}

/** Declares a base. */
export function base<B extends BaseName>(definition: Base<B>): Base<B> {
  return definition;
}
