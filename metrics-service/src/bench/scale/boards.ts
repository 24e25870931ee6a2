import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Database } from '../../db/database.js';
import { answerRequest } from '../../query/index.js';
import type { Made } from '../../query/made.js';

/** The boards that are delivered, in a checkout. */
const FOLDER = new URL('../../../../dashboards/', import.meta.url);

const ROUNDS = 3;
const DAYS = 90;
const DAY_MS = 86_400_000;

/** What boards' variables are chosen to be; those that are not here are not: everything. */
const CHOSEN: Readonly<Record<string, string>> = {
  ...{
    $sort: 'last_active_at',
    $direction: 'desc',
    $rows: '100',
    $first: 'started_at',
    $by: 'total_cost',
    $of: 'model',
  },
  ...{ $session: 'session-400', $run: 'run-1600', $work_item: 'item-30', $agent: 'agent-7', $with: 'reviewer' },
};

type Filters = Readonly<Record<string, readonly string[] | { readonly not: readonly string[] }>>;

interface Target {
  readonly refId: string;
  readonly panelId?: number;
  readonly filters?: Filters;
  readonly [member: string]: unknown;
}

interface Panel {
  readonly title?: string;
  readonly targets?: readonly Target[];
  readonly panels?: readonly Panel[];
}

interface Board {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list?: readonly { readonly name: string; readonly type: string; readonly query: unknown }[];
  };
  readonly annotations: {
    readonly list?: readonly { readonly name: string; readonly builtIn?: number; readonly target: Target }[];
  };
}

/** What a board asks, and where. */
export interface BoardQuestion {
  readonly board: string;
  readonly panel: string;
  readonly query: object;
}

/** What all boards ask when they are opened, each question of a board once. */
function boardQuestions(): BoardQuestion[] {
  if (!existsSync(FOLDER)) return [];
  const boards = readdirSync(FOLDER)
    .filter((name) => /^runboard-.*\.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Board);
  return boards.flatMap((board) => {
    const asked = new Map<string, BoardQuestion>();
    for (const [panel, target] of targetsOf(board)) {
      const query = resolved(target);
      const key = JSON.stringify(query);
      if (!asked.has(key)) asked.set(key, { board: board.uid, panel, query });
    }
    return [...asked.values()];
  });
}

function targetsOf({ panels, templating, annotations }: Board): [string, Target][] {
  const all = panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  const ofPanels = all.flatMap(({ title = '', targets = [] }) =>
    targets.map((target): [string, Target] => [title, target]),
  );
  const ofMarks = (annotations.list ?? [])
    .filter(({ builtIn }) => !builtIn)
    .map(({ name, target }): [string, Target] => [name, target]);
  const ofVariables = (templating.list ?? [])
    .filter(({ type, query }) => type === 'query' && (query as { view?: string }).view !== undefined)
    .map(({ name, query }): [string, Target] => [`$${name}`, query as Target]);
  return [...ofPanels.filter(([, { panelId }]) => panelId === undefined), ...ofMarks, ...ofVariables];
}

/** As Grafana asks it: variables are what is chosen, or all. */
function resolved({ refId: _refId, filters = {}, ...members }: Target): object {
  const others = Object.entries(members).map(([name, value]): [string, unknown] => {
    if (name === 'by') return [name, chosenOf(value as Filters)];
    return [name, Array.isArray(value) ? value.map(chosen) : chosen(value)];
  });
  return { ...Object.fromEntries(others), filters: chosenOf(filters) };
}

function chosen(value: unknown): unknown {
  return typeof value === 'string' ? (CHOSEN[value] ?? value) : value;
}

function chosenOf(filters: Filters): Filters {
  const known = (values: Filters[string]): Filters[string] =>
    'not' in values
      ? values
      : values.map((value) => CHOSEN[value] ?? value).filter((value) => value !== '' && !value.startsWith('$'));
  return Object.fromEntries(Object.entries(filters).map(([name, values]) => [name, known(values)]));
}

/** A question, how long it took in the database, ms, what it took from what is kept, and the tables that took longest. */
export interface Answered extends BoardQuestion {
  readonly ms: number;
  readonly kept: readonly string[];
  readonly reads: readonly string[];
}

/** Asks all that boards ask, about windows of 90 days; the slowest first. @throws where something cannot be answered */
export async function timesOfBoards(database: Database, orgId: string, endMs: number): Promise<Answered[]> {
  const all: Answered[] = [];
  for (const question of boardQuestions()) {
    const rounds: Answered[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push(await answerOf(database, orgId, endMs - round * 12_345_678 - 987_654, question));
    }
    all.push(rounds.sort((one, other) => one.ms - other.ms)[(ROUNDS - 1) / 2]!);
  }
  return all.sort((one, other) => other.ms - one.ms);
}

async function answerOf(database: Database, orgId: string, to: number, question: BoardQuestion): Promise<Answered> {
  const queries = [{ refId: 'A', explain: true, ...question.query }];
  const body = { from: to - DAYS * DAY_MS, to, timezone: 'Europe/Vienna', queries };
  const { results } = await answerRequest(database, { orgId, viewer: null }, body, to);
  const result = results.A!;
  if (result.status !== 200) throw new Error(`${JSON.stringify(question)}: ${JSON.stringify(result)}`);
  const { kept = [], steps = [] } = (result.frames[0]?.schema.meta.custom?.engine ?? {}) as Partial<Made>;
  const longest = [...steps].sort((one, other) => other.ms - one.ms)[0];
  return {
    ...question,
    ms: steps.reduce((sum, { ms }) => sum + ms, 0),
    kept: [...new Set(kept.map((one) => (one.by === null ? one.kept : `${one.kept} by ${one.by}`)))],
    reads: longest?.reads ?? [],
  };
}
