import { minimumGroupSize } from '../../access/viewer-scope.js';
import type { QuestionContext } from '../context.js';
import { counted } from '../figures.js';
import type { Sentence } from '../said.js';
import type { Rows } from '../rows.js';
import { FEWEST_RUNS } from '../both-windows.js';
import { readFacts } from './facts.js';
import { whyNothingSaid } from './nothing.js';
import { success } from './success.js';
import { volume } from './volume.js';
import { waste } from './waste.js';

/**
 * What a window is like, in sentences made of facts (docs/findings.md): how much, what changed against the same weekdays
 * before, what bought nothing, and what stands out; or why there is nothing to see.
 */
export async function headlineOf(context: QuestionContext, rows: Rows): Promise<Sentence[]> {
  if (context.scope.kind === 'nothing') return whyNothingSaid(context, rows);
  const facts = await readFacts(context, rows);
  const { runs } = facts.now;
  if (runs === null) return [[tooFewPeople(context)]];
  if (runs === 0) return whyNothingSaid(context, rows);
  if (runs < FEWEST_RUNS) return [[`${counted(runs, 'run')} in this range: too few to say more.`]];
  return [...volume(facts), ...(await waste(context, facts)), ...(await success(context, facts))];
}

function tooFewPeople({ scope }: QuestionContext): string {
  return `Fewer than ${minimumGroupSize(scope)} people ran agents in this range: their numbers are not shown.`;
}
