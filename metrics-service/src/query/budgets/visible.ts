import { minimumGroupSize, type ViewerScope } from '../../access/viewer-scope.js';
import type { QuestionContext } from '../context.js';
import type { Filter } from '../filters.js';
import { isNarrow } from '../sql/row-scope.js';
import { Draft, lines } from '../sql/statement.js';
import { readBudgets, resolveAll, type Budget, type ReadBudget } from './budget.js';

export interface SeenBudgets {
  readonly seen: readonly Budget[];
  /** those whose filters name nothing that can be looked up, such as a name that two people have */
  readonly broken: readonly ReadBudget[];
}

/** The budgets that hold now and that the viewer may see, by id. */
export async function seenBudgets(context: QuestionContext, only: readonly Filter[] = []): Promise<SeenBudgets> {
  if (context.scope.kind === 'nothing') return { seen: [], broken: [] };
  const read = await readBudgets(context, only);
  const filters = await resolveAll(context, read);
  const known = read.flatMap((one, at): Budget[] => (filters[at] == null ? [] : [{ ...one, filters: filters[at] }]));
  // only who sees all of them is told of those
  const broken = context.scope.kind === 'organization' ? read.filter((_, at) => filters[at] === null) : [];
  return { seen: await visibleOf(context, known), broken };
}

interface Filtered {
  readonly filters: readonly Filter[];
}

/**
 * Those of the budgets that the viewer may see (design section 8): whole or not at all, and so only what is about rows that
 * they see all of. Filters must have their names looked up.
 */
export async function visibleOf<B extends Filtered>(context: QuestionContext, budgets: readonly B[]): Promise<B[]> {
  const { scope } = context;
  if (scope.kind === 'nothing') return [];
  if (scope.kind === 'totals') return budgets.filter((one) => isOfMany(one, scope));
  if (!isNarrow(scope)) return [...budgets];
  const visible = new Set(scope.userIds);
  const teams = await membersOf(context, namedBy(budgets, 'team'));
  const sessions = await sessionsOf(context, namedBy(budgets, 'session'), scope.userIds);
  return budgets.filter((one) => {
    const people = peopleOf(one, teams);
    const ofSessions = those(one, 'session');
    const areTheirs = people !== null && people.length > 0 && people.every((id) => visible.has(id));
    return areTheirs || (ofSessions !== null && ofSessions.every((id) => sessions.has(id)));
  });
}

/** Numbers over many: of no single person or session; where few are hidden, not of all but a few either. */
function isOfMany({ filters }: Filtered, scope: ViewerScope): boolean {
  if (filters.some(({ dimension }) => dimension.name === 'user' || dimension.name === 'session')) return false;
  return minimumGroupSize(scope) === 0 || filters.every(({ negated }) => !negated);
}

/** The values of its filter on a dimension, where it names all that pass; null: it does not. */
function those({ filters }: Filtered, dimension: string): readonly string[] | null {
  const found = filters.find((one) => one.dimension.name === dimension);
  return found && !found.negated && !found.none ? found.values : null;
}

function namedBy(budgets: readonly Filtered[], dimension: string): string[] {
  return [...new Set(budgets.flatMap((one) => those(one, dimension) ?? []))];
}

/** Everybody whose runs pass its filters on users and teams; null: that may be anybody. */
function peopleOf(budget: Filtered, teams: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const [users, ofTeams] = [those(budget, 'user'), those(budget, 'team')];
  const members = ofTeams?.flatMap((team) => teams.get(team) ?? []) ?? null;
  if (users === null || members === null) return users ?? members;
  return users.filter((id) => members.includes(id));
}

/** The people in these teams now. */
async function membersOf(context: QuestionContext, teams: readonly string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  if (teams.length === 0) return found;
  const draft = new Draft(context.orgId);
  const sql = lines(
    'select u.team, u.user_id',
    `from ${draft.table('users')} u`,
    `left join ${draft.table('persons')} pe on pe.org_id = $1 and pe.user_id = u.user_id`,
    'where u.org_id = $1',
    `  and u.team = any(${draft.bind(teams, 'text[]')})`,
    '  and pe.person_id is null',
  );
  for (const { team, user_id } of await context.ask(draft.statement(sql))) {
    found.set(team as string, [...(found.get(team as string) ?? []), user_id as string]);
  }
  return found;
}

/** Those of these sessions that one of these users created: of others there may be runs that they do not see. */
async function sessionsOf(
  context: QuestionContext,
  sessions: readonly string[],
  userIds: readonly string[],
): Promise<Set<string>> {
  if (sessions.length === 0) return new Set();
  const draft = new Draft(context.orgId);
  const sql = lines(
    'select s.session_id',
    `from ${draft.table('sessions')} s`,
    'where s.org_id = $1',
    `  and s.session_id = any(${draft.bind(sessions, 'text[]')})`,
    `  and s.created_by_user_id = any(${draft.bind(userIds, 'text[]')})`,
  );
  const rows = await context.ask(draft.statement(sql));
  return new Set(rows.map(({ session_id }) => session_id as string));
}
