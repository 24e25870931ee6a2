import { runs } from '../../catalogue/bases/runs.js';
import costCoverage from '../../catalogue/metrics/cost_coverage.js';
import costPerSuccessfulRun from '../../catalogue/metrics/cost_per_successful_run.js';
import { showMoney } from '../../format/numbers.js';
import type { QuestionContext } from '../context.js';
import { inDigits, oneDecimal } from '../figures.js';
import { WHOLE } from '../grid.js';
import { choosesOutcomes } from '../outcomes.js';
import { MOST_OF_A_KIND, type Facts, type Finding, type FindingKind } from './finding.js';
import type { Place } from './places.js';

/** Groups with fewer runs are not compared. */
const FEWEST_RUNS = 20;
const TIMES = 2;
/** Nor are those whose cost is known for less of their ended runs: it would be too low. */
const LEAST_COVERAGE = 0.95;

/** A team, repository or model where a success costs more than twice the median of its kind. */
export const dearSuccess: FindingKind = { id: 'dear_success', title: 'Dear success', find };

async function find(_context: QuestionContext, { rows, places }: Facts): Promise<Finding[]> {
  if (choosesOutcomes(rows)) return [];
  const found = (await places()).flatMap(among);
  return found.sort((one, other) => (other.money ?? 0) - (one.money ?? 0)).slice(0, MOST_OF_A_KIND);
}

/** Only among groups of which nearly all costs are known. */
function among({ place: { name, word, plural }, grid }: Place): Finding[] {
  const groups = grid.groups.flatMap((group) => {
    const count = Number(grid.measure(runs.runs, group, WHOLE));
    const cost = grid.value(costPerSuccessfulRun.value, group, WHOLE);
    const covered = grid.value(costCoverage.value, group, WHOLE);
    if (count < FEWEST_RUNS || cost === null || (covered ?? 0) < LEAST_COVERAGE) return [];
    const successes = Number(grid.measure(runs.succeeded_runs, group, WHOLE));
    return [{ value: group.key[0]!, count, cost, successes }];
  });
  const median = medianOf(groups.map(({ cost }) => cost));
  if (median === null || median === 0) return [];
  return groups.flatMap(({ value, count, cost, successes }): Finding[] => {
    if (value === null || cost <= TIMES * median) return [];
    const times = `${oneDecimal(cost / median)} times the median of ${inDigits(groups.length)} ${plural} (${showMoney(median)})`;
    return [
      {
        what: `${word} ${value}: a success costs ${showMoney(cost)}, ${times}`,
        since: null,
        runs: count,
        money: (cost - median) * successes,
        to: { board: 'sessions', filters: { [name]: [value] } },
      },
    ];
  });
}

function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((one, other) => one - other);
  const [low, high] = [Math.floor((sorted.length - 1) / 2), Math.ceil((sorted.length - 1) / 2)];
  return (sorted[low]! + sorted[high]!) / 2;
}
