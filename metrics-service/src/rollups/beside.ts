import { aggregateOfParts } from '../catalogue/aggregates.js';
import { parts } from '../catalogue/bases/parts.js';
import { toolCalls } from '../catalogue/bases/tool-calls.js';
import type { DimensionName } from '../catalogue/dimensions.js';
import { isAdditive, type Measure } from '../catalogue/measure.js';
import { CALLS, ofRows, PARTS, ROWS, selected, shorterOf, type Sums } from './kept.js';
import { SUMS_OF_CALLS, SUMS_OF_PARTS } from './names.js';

/** What is kept of another base than runs: sums by the one dimension that only it has. */
export interface Beside {
  readonly sums: Sums;
  readonly dimension: DimensionName;
  /** of the table: with the dimension's values, '' for none */
  readonly column: string;
  /** those that add up */
  readonly measures: readonly Measure[];
  /** under which name lengths are chosen for it (levels.ts) */
  readonly levels: string;
}

interface Kept extends Omit<Beside, 'sums'> {
  readonly table: string;
  /** its rows in each slot */
  readonly rows: string;
  /** the dimension's value of one of them */
  readonly value: string;
}

function beside({ table, rows, value, ...kept }: Kept): Beside {
  const { column, measures, levels } = kept;
  const names = measures.map(({ name }) => name).join(', ');
  const insert = `
insert into ${table} (org_id, minutes, at, ${column}, ${names})`;
  const ofRuns = `${insert}
select
  $1,
  $3::smallint,
  slot.at,
  ${value},
  ${selected(measures, ofRows)}${rows}
group by slot.at, ${value}`;
  const ofSlots = `${insert}
select
  $1,
  $3::smallint,
  slot.at,
  shorter.${column},
  ${selected(measures, aggregateOfParts)}
${shorterOf(table)}
group by slot.at, shorter.${column}`;
  return { ...kept, sums: { table, by: [{ dimension: null, levels }], ofRuns, ofSlots } };
}

/** The bases beside that of runs of which sums are kept. */
export const BESIDE_RUNS = {
  parts: beside({
    table: 'rollup_parts',
    rows: `${ROWS}
${PARTS}`,
    value: 'p.model',
    dimension: 'call_model',
    column: 'model',
    measures: Object.values(parts).filter(isAdditive),
    levels: SUMS_OF_PARTS,
  }),
  tool_calls: beside({
    table: 'rollup_tool_calls',
    rows: CALLS,
    value: 'r.tool',
    dimension: 'tool',
    column: 'tool',
    measures: Object.values(toolCalls).filter(isAdditive),
    levels: SUMS_OF_CALLS,
  }),
} as const;
