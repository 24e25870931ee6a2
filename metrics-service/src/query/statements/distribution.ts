import { DURATION, type Expression } from '../../catalogue/columns.js';
import { baseOf } from '../../catalogue/bases/index.js';
import type { Unit } from '../../catalogue/units.js';
import { isSliced, type Cut } from '../cut.js';
import type { Rows } from '../rows.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import { sliceOf } from './aggregation.js';
import { runRows } from './run-measures.js';
import { runsThatPass } from './runs-list.js';

/** What runs are counted by. */
export interface Binned {
  readonly title: string;
  readonly value: Expression;
  /** what the first bin ends at, as stored; each further one is twice as wide */
  readonly least: bigint;
  /** stored values in one of the unit */
  readonly scale: number;
  readonly unit: Unit;
}

export const DISTRIBUTED = {
  duration: { title: 'Duration', value: DURATION, least: 1_000n, scale: 1, unit: 'ms' },
  cost: {
    title: 'Cost',
    value: { sql: 'r.cost_nanos', columns: ['r.cost_nanos'] },
    least: 10_000_000n,
    scale: 1_000_000_000,
    unit: 'USD',
  },
  tokens: {
    title: 'Tokens',
    value: { sql: '(r.input_tokens + r.output_tokens)', columns: ['r.input_tokens', 'r.output_tokens'] },
    least: 1_000n,
    scale: 1,
    unit: 'tokens',
  },
} as const satisfies Record<string, Binned>;

/** More than any value needs. */
export const MOST_BINS = 50;

/** The ends of a bin, in its unit: each is twice as wide as the one before, and the first has all that is less. */
export function binEnds({ least, scale }: Binned, bin: number): { readonly from: number; readonly to: number } {
  const to = Number(least << BigInt(bin)) / scale;
  return { from: to / 2, to };
}

/** Ended runs by bin (null: the value is not known) and slice of the window, and how many of them failed. */
export function distributionStatement(orgId: string, rows: Rows, { value, least }: Binned, cut: Cut): Statement {
  const draft = new Draft(orgId);
  const passing = runsThatPass(rows, draft);
  const edges = Array.from({ length: MOST_BINS }, (_, bin) => String(least << BigInt(bin)));
  const slice = isSliced(cut) ? [`${sliceOf('r.started_at', cut, draft)} as slice`] : [];
  const bin = `width_bucket(${value.sql}::numeric, ${draft.bind(edges, 'numeric[]')}) as bin`;
  const counts = ['count(*) as runs', "count(*) filter (where r.status = 'FAILED') as failed_runs"];
  return draft.statement({
    with: passing.with,
    body: lines(
      clause('select\n ', [bin, ...slice, ...counts], ',\n  '),
      runRows(baseOf('runs'), [...passing.columns, ...value.columns], draft),
      clause('where', [...passing.conditions, "r.status <> 'IN_FLIGHT'"], '\n  and '),
      clause('group by', ['bin', ...(slice.length > 0 ? ['slice'] : [])], ', '),
    ),
  });
}
