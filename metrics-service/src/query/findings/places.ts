import { minimumGroupSize } from '../../access/viewer-scope.js';
import costCoverage from '../../catalogue/metrics/cost_coverage.js';
import costPerSuccessfulRun from '../../catalogue/metrics/cost_per_successful_run.js';
import runSuccessRate from '../../catalogue/metrics/run_success_rate.js';
import runs from '../../catalogue/metrics/runs.js';
import unsuccessfulCost from '../../catalogue/metrics/unsuccessful_cost.js';
import type { DimensionName } from '../../catalogue/dimensions.js';
import type { QuestionContext } from '../context.js';
import { evaluate } from '../evaluate.js';
import { dimensionOf } from '../filters.js';
import type { Grid } from '../grid.js';
import { piecesFor } from '../rolled.js';
import type { Rows } from '../rows.js';

/** What is compared with the others of its kind, and how it is called in a sentence. */
export const PLACES = [
  { name: 'team', word: 'Team', plural: 'teams' },
  { name: 'repo', word: 'Repository', plural: 'repositories' },
  { name: 'model', word: 'Model', plural: 'models' },
] as const;

const VALUES = [runs, runSuccessRate, unsuccessfulCost, costPerSuccessfulRun, costCoverage].map(({ value }) => value);

export interface Place {
  readonly place: (typeof PLACES)[number];
  /** the window by it */
  readonly grid: Grid;
}

/** The window by each kind of place; nothing where numbers over few people are hidden: they do not add up. */
export async function readPlaces(context: QuestionContext, rows: Rows): Promise<readonly Place[]> {
  if (minimumGroupSize(context.scope) > 0) return [];
  const cut = { slices: [rows.window], whole: false, asked: 'all' } as const;
  const by = (names: readonly DimensionName[]): Promise<Grid> =>
    evaluate(context, { values: VALUES, extraMeasures: [], groups: names.map(dimensionOf), rows, cut });
  const sums = await Promise.all(
    PLACES.map(({ name }) => piecesFor(context, { groups: [dimensionOf(name)], rows, cut })),
  );
  // runs are read once for all of them
  const all = sums.every((pieces) => pieces !== null) ? null : await by(PLACES.map(({ name }) => name));
  const places: Place[] = [];
  for (const place of PLACES) places.push({ place, grid: all ? all.rolledUp([place.name]) : await by([place.name]) });
  return places;
}
