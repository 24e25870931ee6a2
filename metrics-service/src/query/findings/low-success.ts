import { runs } from '../../catalogue/bases/runs.js';
import unsuccessfulCost from '../../catalogue/metrics/unsuccessful_cost.js';
import type { QuestionContext } from '../context.js';
import { inDigits, percent } from '../figures.js';
import { WHOLE, type Grid, type Group } from '../grid.js';
import { areToldApart, type Share } from '../intervals.js';
import { choosesOutcomes, UNSUCCESSFUL } from '../outcomes.js';
import { MOST_OF_A_KIND, type Facts, type Finding, type FindingKind } from './finding.js';
import type { Place } from './places.js';

/** Fewer ended runs, there or in all others together, have no rate worth comparing. */
const FEWEST_ENDED = 20;
/** Far is at least this much lower: with many runs nearly everything is told apart. */
const LEAST_DIFFERENCE = 0.05;

/** A team, repository or model whose runs succeed far less often than those of all others together. */
export const lowSuccess: FindingKind = { id: 'low_success', title: 'Low success', find };

async function find(_context: QuestionContext, { rows, places }: Facts): Promise<Finding[]> {
  if (choosesOutcomes(rows)) return [];
  const found = (await places()).flatMap(among);
  return found.sort((one, other) => (other.money ?? 0) - (one.money ?? 0)).slice(0, MOST_OF_A_KIND);
}

function among({ place: { name, word }, grid }: Place): Finding[] {
  const shares = grid.groups.map((group) => shareOf(grid, group));
  const total = shares.reduce((sum, { count, of }) => ({ count: sum.count + count, of: sum.of + of }), {
    count: 0,
    of: 0,
  });
  return grid.groups.flatMap((group, index): Finding[] => {
    const own = shares[index]!;
    const others = { count: total.count - own.count, of: total.of - own.of };
    const [value] = group.key as [string | null];
    if (value === null || !isFarBelow(own, others)) return [];
    const rate = `${percent(own.count / own.of)} of ${inDigits(own.of)} ended runs succeeded`;
    return [
      {
        what: `${word} ${value}: ${rate}, ${percent(others.count / others.of)} of all others`,
        since: null,
        runs: own.of,
        money: grid.value(unsuccessfulCost.value, group, WHOLE),
        to: { board: 'sessions', filters: { [name]: [value], status: UNSUCCESSFUL } },
      },
    ];
  });
}

function shareOf(grid: Grid, group: Group): Share {
  const count = (measure: typeof runs.runs): number => Number(grid.measure(measure, group, WHOLE));
  return { count: count(runs.succeeded_runs), of: count(runs.terminal_runs) };
}

function isFarBelow(own: Share, others: Share): boolean {
  if (own.of < FEWEST_ENDED || others.of < FEWEST_ENDED || !areToldApart(own, others)) return false;
  return others.count / others.of - own.count / own.of >= LEAST_DIFFERENCE;
}
