import { aggregateOfParts } from '../../catalogue/aggregates.js';
import type { Dimension } from '../../catalogue/dimensions.js';
import type { Measure } from '../../catalogue/measure.js';
import type { Slots } from '../../rollups/slots.js';
import { isStorable } from '../../contract/values.js';
import type { Filter } from '../filters.js';
import { expressionOf, filterCondition, joinPerson, joinRepoName } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import { groupColumn } from './aggregation.js';

/** Slots of a slice of the window, which is numbered from 0. */
export interface SlotsOfSlice extends Slots {
  readonly slice: number;
}

export interface SumsOfSlots {
  readonly measures: readonly Measure[];
  readonly pieces: readonly SlotsOfSlice[];
  /** the dimension by which sums are kept (rollups/dimensions.ts); null: sums of all runs */
  readonly by: string | null;
  readonly groups: readonly Dimension[];
  readonly filters: readonly Filter[];
}

/** The measures of runs from the sums of slots: a row for each slice and group that has any runs in them. */
export function runSumsStatement(orgId: string, sums: SumsOfSlots): Statement {
  const { measures, by, groups, filters } = sums;
  const draft = new Draft(orgId);
  const told = measures.map((measure) => `${aggregateOfParts(measure)} as ${measure.name}`);
  const pieces = piecesOf(sums, draft);
  if (by === null) {
    const each = ofPieces('rollup_runs', told, ['having count(*) > 0'], [], draft);
    return draft.statement(lines('select piece.slice, t.*', pieces, each));
  }
  const dimensions = [...groups, ...filters.map(({ dimension }) => dimension)];
  const names = groups.map(groupColumn);
  const each = ofPieces(
    'rollup_runs_by',
    ['value', ...told],
    ['group by value'],
    [`dimension = ${draft.bind(by, 'text')}`, ...narrowed(filters, draft)],
    draft,
  );
  return draft.statement(
    lines(
      clause(
        'select\n ',
        ['piece.slice', ...groups.map((group, n) => `${valueOf(group)} as ${names[n]}`), ...told],
        ',\n  ',
      ),
      pieces,
      each,
      present(by, dimensions, draft),
      clause(
        'where',
        filters.map((filter) => filterCondition(filter, valueOf(filter.dimension), draft)),
        '\n  and ',
      ),
      `group by ${['piece.slice', ...names].join(', ')}`,
    ),
  );
}

/** The tokens without a known cost by model, from the sums of slots. */
export function unpricedSumsStatement(orgId: string, pieces: readonly SlotsOfSlice[]): Statement {
  const draft = new Draft(orgId);
  const body = lines(
    'select t.model, sum(t.tokens) as tokens',
    piecesOf({ pieces }, draft),
    'cross join lateral (',
    '  select model, tokens',
    `  from ${draft.table('rollup_unpriced')}`,
    '  where org_id = $1',
    '    and minutes = piece.minutes',
    '    and at >= piece.since',
    '    and at < piece.until',
    '  offset 0',
    ') t',
    'group by t.model',
  );
  return draft.statement(body);
}

function piecesOf({ pieces }: Pick<SumsOfSlots, 'pieces'>, draft: Draft): string {
  const slices = draft.bind(
    pieces.map(({ slice }) => slice),
    'integer[]',
  );
  const minutes = draft.bind(
    pieces.map((piece) => piece.minutes),
    'smallint[]',
  );
  const since = draft.instants(pieces.map(({ from }) => from));
  const until = draft.instants(pieces.map(({ to }) => to));
  return `from unnest(${slices}, ${minutes}, ${since}, ${until}) piece (slice, minutes, since, until)`;
}

/** Joins `t`: what each piece adds up to. */
function ofPieces(
  table: string,
  columns: readonly string[],
  end: readonly string[],
  conditions: readonly string[],
  draft: Draft,
): string {
  const where = ['org_id = $1', ...conditions, 'minutes = piece.minutes', 'at >= piece.since', 'at < piece.until'];
  return lines(
    'cross join lateral (',
    `  select\n    ${columns.join(',\n    ')}`,
    `  from ${draft.table(table)}`,
    `  where ${where.join('\n    and ')}`,
    `  ${end.join('\n  ')}`,
    ') t',
  );
}

/** What `present` joins, a part of the value, or the value as it is kept. */
function valueOf(dimension: Dimension): string {
  const isLookedUp = ['user', 'team', 'repo'].includes(dimension.name);
  return isLookedUp ? expressionOf(dimension, 'run').sql : (PARTS[dimension.name] ?? `nullif(t.value, '')`);
}

/** Of an outcome. */
const PARTS: Readonly<Partial<Record<string, string>>> = {
  status: `split_part(t.value, ' ', 1)`,
  failure_category: `nullif(substr(t.value, strpos(t.value, ' ') + 1), '')`,
};

/** Joins what the value is now: a user id's person with their team, a repository's name. */
function present(by: string, dimensions: readonly Dimension[], draft: Draft): string[] {
  if (by === 'repo') return [`cross join lateral (select nullif(t.value, '') as repo) s`, joinRepoName(draft)];
  if (by !== 'user') return [];
  const reads = (alias: string): boolean =>
    dimensions.some((dimension) => expressionOf(dimension, 'run').columns.some((name) => name.startsWith(alias)));
  const [persons, users] = joinPerson('r.user_id', draft);
  return [`cross join lateral (select nullif(t.value, '') as user_id) r`, persons, ...(reads('u.') ? [users] : [])];
}

type Values = (draft: Draft, list: string) => string;

/** The values that the sums of what passes a filter may be kept under, by the filter's dimension. */
const KEPT_AS: Readonly<Record<string, Values>> = {
  user: (draft, list) =>
    `select unnest(${list}) union select user_id from ${draft.table('persons')} where org_id = $1 and person_id = any(${list})`,
  team: (draft, list) => {
    const members = `select user_id from ${draft.table('users')} where org_id = $1 and team = any(${list})`;
    return `${members} union select user_id from ${draft.table('persons')} where org_id = $1 and person_id in (${members})`;
  },
  repo: (draft, list) =>
    `select unnest(${list}) union select repo from ${draft.table('repo_aliases')} where org_id = $1 and name = any(${list})`,
};

/** Conditions that leave what may pass, so that only its sums are read. */
function narrowed(filters: readonly Filter[], draft: Draft): string[] {
  return filters.flatMap(({ dimension, values, negated, none }) => {
    if (negated || none || dimension.name in PARTS) return [];
    const list = draft.bind(values.filter(isStorable), 'text[]');
    const kept = KEPT_AS[dimension.name];
    return [kept ? `value = any(array(${kept(draft, list)}))` : `value = any(${list})`];
  });
}
