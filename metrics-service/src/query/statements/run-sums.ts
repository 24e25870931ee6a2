import { aggregateOfParts } from '../../catalogue/aggregates.js';
import type { Measure } from '../../catalogue/measure.js';
import type { Slots } from '../../rollups/slots.js';
import { Draft, lines, type Statement } from '../sql/statement.js';

/** Slots of a slice of the window, which is numbered from 0. */
export interface SlotsOfSlice extends Slots {
  readonly slice: number;
}

/** The measures of runs from the sums of slots: a row for each piece that holds any runs. */
export function runSumsStatement(
  orgId: string,
  measures: readonly Measure[],
  pieces: readonly SlotsOfSlice[],
): Statement {
  const draft = new Draft(orgId);
  const slices = draft.bind(
    pieces.map(({ slice }) => slice),
    'integer[]',
  );
  const minutes = draft.bind(
    pieces.map((piece) => piece.minutes),
    'smallint[]',
  );
  const since = draft.instants(pieces.map(({ from }) => from));
  const until = draft.instants(pieces.map(({ to }) => to));
  const sums = measures.map((measure) => `${aggregateOfParts(measure)} as ${measure.name}`);
  return draft.statement(
    lines(
      'select piece.slice, sums.*',
      `from unnest(${slices}, ${minutes}, ${since}, ${until}) piece (slice, minutes, since, until)`,
      'cross join lateral (',
      '  select',
      `    ${sums.join(',\n    ')}`,
      `  from ${draft.table('rollup_runs')}`,
      '  where org_id = $1',
      '    and minutes = piece.minutes',
      '    and at >= piece.since',
      '    and at < piece.until',
      '  having count(*) > 0',
      ') sums',
    ),
  );
}
