import { runs } from '../../catalogue/bases/runs.js';
import { readBothWindows } from '../both-windows.js';
import type { QuestionContext } from '../context.js';
import { WHOLE } from '../grid.js';
import type { Rows } from '../rows.js';
import { dearSuccess } from './dear-success.js';
import type { Facts, Finding, FindingKind } from './finding.js';
import { grownFailure } from './grown-failure.js';
import { lowSuccess } from './low-success.js';
import { outlierSession } from './outlier-session.js';
import { readPlaces } from './places.js';
import { quietPeople } from './quiet-people.js';
import { retryLoop } from './retry-loop.js';
import { silentSource } from './silent-source.js';
import { unusualSpend } from './unusual-spend.js';

/** The kinds of findings. To add one: its file, a line here, and its definition in docs/findings.md. */
export const FINDING_KINDS: readonly FindingKind[] = [
  retryLoop,
  outlierSession,
  unusualSpend,
  grownFailure,
  lowSuccess,
  dearSuccess,
  quietPeople,
  silentSource,
];

export type Found = Finding & { readonly kind: FindingKind };

/** What to look at in a window, by what is at stake: money first, then the number of runs; and how many runs it has. */
export async function findingsOf(context: QuestionContext, rows: Rows): Promise<{ found: Found[]; runs: number }> {
  if (context.scope.kind === 'nothing') return { found: [], runs: 0 };
  const both = await readBothWindows(context, rows);
  let places: ReturnType<typeof readPlaces> | undefined;
  const facts: Facts = { rows, both, places: () => (places ??= readPlaces(context, rows)) };
  const found: Found[] = [];
  for (const kind of FINDING_KINDS) {
    for (const finding of await kind.find(context, facts)) found.push({ ...finding, kind });
  }
  const count = both.totals.measure(runs.runs, both.totals.groups[0]!, WHOLE);
  return { found: inOrder(withoutTwice(found).sort(byStake)), runs: Number(count) };
}

/** The first two of each kind before the others, so that no kind takes all the room. */
function inOrder(found: readonly Found[]): Found[] {
  const place = ({ kind }: Found, index: number): number =>
    Number(found.slice(0, index).filter((one) => one.kind === kind).length >= MOST_IN_FRONT);
  const places = found.map(place);
  return [0, 1].flatMap((wanted) => found.filter((_, index) => places[index] === wanted));
}

const MOST_IN_FRONT = 2;

/** A session that is dear because of a loop is shown once: the loop says why. */
function withoutTwice(found: readonly Found[]): Found[] {
  const loops = found.filter(({ kind }) => kind === retryLoop);
  const isToldBy =
    ({ to, money }: Found) =>
    (loop: Found) =>
      loop.to?.session === to?.session && (loop.money ?? 0) >= SHARE_OF_LOOP * (money ?? 0);
  return found.filter((one) => one.kind !== outlierSession || !loops.some(isToldBy(one)));
}

const SHARE_OF_LOOP = 0.5;

function byStake(one: Found, other: Found): number {
  return (other.money ?? -1) - (one.money ?? -1) || (other.runs ?? -1) - (one.runs ?? -1);
}
