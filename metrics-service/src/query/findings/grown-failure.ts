import { runs } from '../../catalogue/bases/runs.js';
import type { QuestionContext } from '../context.js';
import { counted, percent } from '../figures.js';
import { choosesOutcomes, grownOutcomes, mainDays } from '../outcomes.js';
import { MOST_OF_A_KIND, type Facts, type Finding, type FindingKind } from './finding.js';

/** A category of failure, or timeouts or cancellations, with a greater share of the ended runs than before. */
export const grownFailure: FindingKind = { id: 'grown_failure', title: 'More failures', find };

async function find(context: QuestionContext, { rows, both }: Facts): Promise<Finding[]> {
  if (!both.areComparable || choosesOutcomes(rows)) return [];
  const [all] = both.totals.groups;
  const ended = (slice: number): number => Number(both.totals.measure(runs.terminal_runs, all!, slice));
  const found = await grownOutcomes(context, rows, both.earlier, { before: ended(0), now: ended(1) });
  const grown = found.slice(0, MOST_OF_A_KIND);
  const days = await mainDays(context, rows, grown);
  return grown.map(({ words, now, before, extra, cost, filters }, index) => {
    const day = days[index]!;
    return {
      what: `${words}: ${counted(now.count, 'run')}, ${percent(now.count / now.of)} of those that ended; ${percent(before.count / before.of)} before`,
      since: day?.from ?? null,
      runs: now.count,
      // of what they cost, the part of those that there are more than before
      money: cost === null ? null : (cost * extra) / now.count,
      to: { board: 'sessions', filters, ...(day && { window: day }) },
    };
  });
}
