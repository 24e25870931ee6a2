import { aggregateOfParts } from '../../catalogue/aggregates.js';
import type { Dimension } from '../../catalogue/dimensions.js';
import type { Measure } from '../../catalogue/measure.js';
import type { Beside } from '../../rollups/beside.js';
import type { KeptBy } from '../../rollups/dimensions.js';
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
  /** by what sums are kept; null: sums of all runs */
  readonly by: KeptBy | null;
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
  const columns = by.of.length === 1 ? 'value' : 'value, other';
  const each = ofPieces(
    'rollup_sums_by',
    [columns, ...told],
    [`group by ${columns}`],
    [`dimension = ${draft.bind(by.name, 'text')}`, ...narrowed(filters, by, draft)],
    draft,
  );
  return draft.statement(
    lines(
      clause(
        'select\n ',
        ['piece.slice', ...groups.map((group, n) => `${valueOf(group, by)} as ${names[n]}`), ...told],
        ',\n  ',
      ),
      pieces,
      each,
      present(by, dimensions, draft),
      clause(
        'where',
        filters.map((filter) => filterCondition(filter, valueOf(filter.dimension, by), draft)),
        '\n  and ',
      ),
      `group by ${['piece.slice', ...names].join(', ')}`,
    ),
  );
}

/** What sums of another base are asked: by its own dimension or in all, of some of its values or all. */
export type SumsBeside = Pick<SumsOfSlots, 'measures' | 'pieces' | 'groups' | 'filters'>;

/** The measures of another base than runs from the sums of slots. */
export function sumsBesideStatement(
  orgId: string,
  { sums, column }: Beside,
  { measures, pieces, groups, filters }: SumsBeside,
): Statement {
  const draft = new Draft(orgId);
  const told = measures.map((measure) => `${aggregateOfParts(measure)} as ${measure.name}`);
  const names = groups.map(groupColumn);
  const value = `nullif(t.${column}, '')`;
  const each = ofPieces(sums.table, [column, ...told], [`group by ${column}`], [], draft);
  const body = lines(
    clause('select\n ', ['piece.slice', ...names.map((name) => `${value} as ${name}`), ...told], ',\n  '),
    piecesOf({ pieces }, draft),
    each,
    clause(
      'where',
      filters.map((filter) => filterCondition(filter, value, draft)),
      '\n  and ',
    ),
    `group by ${['piece.slice', ...names].join(', ')}`,
  );
  return draft.statement(body);
}

export function piecesOf({ pieces }: Pick<SumsOfSlots, 'pieces'>, draft: Draft): string {
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

/** The column in which the values of a dimension are kept. */
function columnOf({ name }: Dimension, { of }: KeptBy): string {
  return of[0].tells.includes(name) ? 'value' : 'other';
}

/** What `present` joins, a part of the value, or the value as it is kept. */
export function valueOf(dimension: Dimension, by: KeptBy): string {
  if (LOOKED_UP.includes(dimension.name)) return expressionOf(dimension, 'run').sql;
  const column = `t.${columnOf(dimension, by)}`;
  return PARTS[dimension.name]?.(column) ?? `nullif(${column}, '')`;
}

const LOOKED_UP: readonly string[] = ['user', 'team', 'repo'];

/** Of an outcome. */
const PARTS: Readonly<Partial<Record<string, (column: string) => string>>> = {
  status: (column) => `split_part(${column}, ' ', 1)`,
  failure_category: (column) => `nullif(substr(${column}, strpos(${column}, ' ') + 1), '')`,
};

/** Joins what a value is now: a user id's person with their team, a repository's name. */
export function present(by: KeptBy, dimensions: readonly Dimension[], draft: Draft): string[] {
  const reads = (alias: string): boolean =>
    dimensions.some((dimension) => expressionOf(dimension, 'run').columns.some((name) => name.startsWith(alias)));
  return by.of.flatMap(({ name }, place) => {
    const column = place === 0 ? 't.value' : 't.other';
    if (name === 'repo') return [`cross join lateral (select nullif(${column}, '') as repo) s`, joinRepoName(draft)];
    if (name !== 'user') return [];
    const [persons, users] = joinPerson('r.user_id', draft);
    const person = `cross join lateral (select nullif(${column}, '') as user_id) r`;
    return [person, persons, ...(reads('u.') ? [users] : [])];
  });
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
export function narrowed(filters: readonly Filter[], by: KeptBy, draft: Draft): string[] {
  return filters.flatMap(({ dimension, values, negated, none }) => {
    if (negated || none || dimension.name in PARTS) return [];
    const list = draft.bind(values.filter(isStorable), 'text[]');
    const kept = KEPT_AS[dimension.name];
    const column = columnOf(dimension, by);
    return [kept ? `${column} = any(array(${kept(draft, list)}))` : `${column} = any(${list})`];
  });
}
