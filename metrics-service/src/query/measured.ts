import type { Dimension } from '../catalogue/dimensions.js';
import type { Row } from './context.js';
import type { Cut } from './cut.js';
import type { Group } from './grid.js';
import type { Rows } from './rows.js';
import { groupColumn } from './statements/aggregation.js';

/** What is measured: which rows, by what, and in which slices. */
export interface Measured {
  readonly groups: readonly Dimension[];
  readonly rows: Rows;
  readonly cut: Cut;
  /** another question of the board asks the same at the same time */
  readonly isShared?: boolean;
}

/** The group of a row. */
export function keyOf(row: Row, groups: readonly Dimension[]): Group['key'] {
  return groups.map((group) => row[groupColumn(group)] as string | null);
}
