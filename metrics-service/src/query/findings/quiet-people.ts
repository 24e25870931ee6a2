import { runs } from '../../catalogue/bases/runs.js';
import type { QuestionContext } from '../context.js';
import { inDigits } from '../figures.js';
import { servicesAmong, shownNames } from '../users.js';
import type { Facts, Finding, FindingKind } from './finding.js';

/** Who ran fewer before is not missed … */
const FEWEST_RUNS = 10;
/** … and in a shorter window many people run nothing. */
const SHORTEST_MS = 6.9 * 86_400_000;
const MOST_NAMED = 3;
/** Other filters say which runs, not whose: somebody who ran none of these may have run others. */
const OF_PEOPLE = ['user', 'team', 'user_kind'];

/** People who ran at least ten in the same weekdays before, and none in this window: for those who may see people. */
export const quietPeople: FindingKind = { id: 'quiet_people', title: 'Gone quiet', find };

async function find(context: QuestionContext, { rows, both }: Facts): Promise<Finding[]> {
  const { byUser, areComparable, earlier } = both;
  const seesPeople = context.scope.kind === 'organization' || context.scope.kind === 'team';
  const isLong = rows.window.to - rows.window.from >= SHORTEST_MS;
  const isOfPeople = rows.filters.every(({ dimension }) => OF_PEOPLE.includes(dimension.name));
  if (!seesPeople || !byUser || !areComparable || !isLong || !isOfPeople) return [];
  const candidates = byUser.groups
    .flatMap((group) => {
      const [before, now] = [0, 1].map((slice) => Number(byUser.measure(runs.runs, group, slice)));
      return group.key[0] !== null && before! >= FEWEST_RUNS && now === 0
        ? [{ id: group.key[0]!, before: before! }]
        : [];
    })
    .sort((one, other) => other.before - one.before || (one.id < other.id ? -1 : 1));
  if (candidates.length === 0) return [];
  const services = await servicesAmong(
    context,
    candidates.map(({ id }) => id),
  );
  const quiet = candidates.filter(({ id }) => !services.has(id));
  if (quiet.length === 0) return [];
  const names = await shownNames(
    context,
    quiet.slice(0, MOST_NAMED).map(({ id }) => id),
  );
  const named = quiet.slice(0, MOST_NAMED).map(({ id }) => names.get(id) ?? id);
  const more = quiet.length - named.length;
  const who = `${named.join(', ')}${more > 0 ? ` and ${inDigits(more)} more` : ''}`;
  const count = quiet.reduce((sum, { before }) => sum + before, 0);
  const people = quiet.length === 1 ? `${who} ran` : `${who}: ${inDigits(quiet.length)} people ran`;
  return [
    {
      what: `${people} nothing in this range, and ${inDigits(count)} runs in the same weekdays before`,
      since: rows.window.from,
      runs: count,
      money: null,
      to: { board: 'sessions', window: earlier, filters: { user: quiet.map(({ id }) => id) } },
    },
  ];
}
