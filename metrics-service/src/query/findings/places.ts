import { minimumGroupSize } from '../../access/viewer-scope.js';
import costCoverage from '../../catalogue/metrics/cost_coverage.js';
import costPerSuccessfulRun from '../../catalogue/metrics/cost_per_successful_run.js';
import runSuccessRate from '../../catalogue/metrics/run_success_rate.js';
import runs from '../../catalogue/metrics/runs.js';
import unsuccessfulCost from '../../catalogue/metrics/unsuccessful_cost.js';
import type { QuestionContext } from '../context.js';
import { evaluate } from '../evaluate.js';
import { dimensionOf } from '../filters.js';
import type { Grid } from '../grid.js';
import type { Rows } from '../rows.js';

/** What is compared with the others of its kind, and how it is called in a sentence. */
export const PLACES = [
  { name: 'team', word: 'Team', plural: 'teams' },
  { name: 'repo', word: 'Repository', plural: 'repositories' },
  { name: 'model', word: 'Model', plural: 'models' },
] as const;

const VALUES = [runs, runSuccessRate, unsuccessfulCost, costPerSuccessfulRun, costCoverage].map(({ value }) => value);

/** The window by team, repository and model at once; null where numbers over few people are hidden, which do not add up. */
export async function readPlaces(context: QuestionContext, rows: Rows): Promise<Grid | null> {
  if (minimumGroupSize(context.scope) > 0) return null;
  return evaluate(context, {
    values: VALUES,
    extraMeasures: [],
    groups: PLACES.map(({ name }) => dimensionOf(name)),
    rows,
    cut: { slices: [rows.window], whole: false, asked: 'all' },
  });
}
