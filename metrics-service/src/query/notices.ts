import { minimumGroupSize } from '../access/viewer-scope.js';
import { runs } from '../catalogue/bases/runs.js';
import type { Known, Measure } from '../catalogue/measure.js';
import type { Notice } from '../contract/frames.js';
import { NOT_SHOWN } from '../contract/query.js';
import type { QuestionContext } from './context.js';
import { evaluate } from './evaluate.js';
import { WHOLE, type Grid, type Group } from './grid.js';
import { within } from './sql/conditions.js';
import { Draft, lines } from './sql/statement.js';
import type { Asked, NamedGroup } from './asked.js';
import type { Rows } from './rows.js';
import { hiddenSourcesNotice } from './sources.js';
import { unpricedModels } from './unpriced.js';

/** Notices about what a reader might misread in an answer. */
export type NoticeText = Notice;

const FEW_RUNS = 20;

function measuresOf({ value }: Asked): readonly Measure[] {
  return 'measures' in value ? value.measures : [];
}

/** Whether a metric sums values that may be unknown, and is itself unknown if all of them are. */
function isAbout(asked: readonly Asked[], what: Known): boolean {
  return asked.some((one) => measuresOf(one).some(({ about, overNothing }) => about === what && overNothing === null));
}

/** Rates, averages and percentiles, which mean little over few runs. */
function isSensitive({ metric, value }: Asked): boolean {
  return value.base === 'runs' && (metric.unit === 'ratio' || metric.unit === 'ms');
}

/** The run measures that the notices need; none if no metric is about runs. */
export function noticeMeasures(asked: readonly Asked[]): Measure[] {
  if (!asked.some(({ value }) => value.base === 'runs' || value.base === 'usual')) return [];
  return [...(asked.some(isSensitive) ? [runs.runs] : []), ...coverageMeasures(asked)];
}

function coverageMeasures(asked: readonly Asked[]): Measure[] {
  return [
    ...(isAbout(asked, 'cost')
      ? [runs.terminal_runs, runs.terminal_runs_with_cost, runs.terminal_runs_with_part_of_cost]
      : []),
    ...(isAbout(asked, 'tokens') ? [runs.terminal_runs, runs.terminal_runs_with_tokens] : []),
  ];
}

export interface Answered {
  readonly asked: readonly Asked[];
  readonly rows: Rows;
  readonly grid: Grid;
  /** the groups in the answer: of `found`, those from `offset` on */
  readonly shown: readonly NamedGroup[];
  readonly found: number;
  readonly offset: number;
}

export async function groupNotices(context: QuestionContext, answered: Answered): Promise<NoticeText[]> {
  const { asked, rows } = answered;
  const about = (['cost', 'tokens'] as const).filter((what) => isAbout(asked, what));
  // counts over few people would reveal what the numbers hide
  const isTotalsOnly = minimumGroupSize(rows.scope) > 0;
  const needsOwnQuery = isTotalsOnly || asked.some(({ value }) => value.base === 'parts');
  const ofRuns = needsOwnQuery && about.length > 0 ? await runsOf(context, answered) : answered.grid;
  const coverage = about.map((what) => ({ what, notices: coverageNotice(ofRuns, what) }));
  const isCostUnknown = coverage.some(({ what, notices }) => what === 'cost' && notices.length > 0);
  return [
    ...(asked.some(({ value }) => value.base === 'sources') ? hiddenSourcesNotice(rows.scope) : []),
    ...cutNotice(answered),
    ...(isTotalsOnly ? hiddenGroupsNotice(answered) : []),
    ...coverage.flatMap(({ notices }) => notices),
    ...(isCostUnknown && !isTotalsOnly ? await unpricedModels(context, rows) : []),
    ...(isTotalsOnly ? [] : fewRunsNotice(answered)),
    ...(about.length > 0 && !isTotalsOnly ? await callsWithoutRun(context, rows) : []),
  ];
}

/** What is known about the runs themselves, if the query is about their parts: a run of unknown cost may have none. */
async function runsOf(context: QuestionContext, { asked, rows }: Answered): Promise<Grid> {
  return evaluate(context, {
    values: [],
    extraMeasures: coverageMeasures(asked),
    groups: [],
    rows: { ...rows, filters: rows.filters.filter(({ dimension }) => dimension.only !== 'parts') },
    cut: { slices: [rows.window], whole: false, asked: 'all' },
  });
}

/** `first 50 of 212 groups`: how many the limit and offset left out. */
export function pageText(shown: number, offset: number, found: number, what: string): string {
  return `${which(shown, offset)} of ${inDigits(found)}${what}`;
}

function which(shown: number, offset: number): string {
  if (shown === 0) return 'none';
  if (offset === 0) return `first ${inDigits(shown)}`;
  return shown === 1 ? `number ${inDigits(offset + 1)}` : `${inDigits(offset + 1)} to ${inDigits(offset + shown)}`;
}

function inDigits(number: number): string {
  return number.toLocaleString('en-US');
}

function counted(number: number, noun: string): string {
  return `${inDigits(number)} ${noun}${number === 1 ? '' : 's'}`;
}

function cutNotice({ shown, found, offset }: Answered): NoticeText[] {
  if (shown.length === found) return [];
  const page = pageText(shown.length, offset, found, found === 1 ? ' group' : ' groups');
  return [{ severity: 'info', text: `${page}: ${shown.length === 0 ? 'the offset' : 'the limit'} cuts the others` }];
}

/** Says that numbers over few people are hidden. */
function hiddenGroupsNotice({ asked, rows, grid }: Answered): NoticeText[] {
  const slices = [...grid.cut.slices.keys(), ...(grid.cut.whole ? [WHOLE] : [])];
  const [together, apart] = [true, false].map((is) =>
    asked.filter(({ value }) => grid.isRemainderShown(value) === is),
  ) as [Asked[], Asked[]];
  const hides = (groups: readonly Group[], of: readonly Asked[]): boolean =>
    groups.some((group) => of.some(({ value }) => slices.some((slice) => !grid.isTold(value, group, slice))));
  const few = `numbers over fewer than ${minimumGroupSize(rows.scope)} people`;
  const asOne = `${few} are shown as one, ${NOT_SHOWN}: with the smallest of the others where they would be so few again`;
  const isLeftOut = hides(grid.groups, apart) || hides([grid.remainder], together);
  return [
    ...(hides(grid.groups, together) ? [{ severity: 'info', text: asOne } as const] : []),
    ...(isLeftOut ? [{ severity: 'info', text: `${few} are left out` } as const] : []),
  ];
}

function coverageNotice(grid: Grid, what: Known): NoticeText[] {
  const sum = (measure: Measure): bigint =>
    grid.groups.reduce((total, group) => total + grid.count(measure, group), 0n);
  const known = what === 'cost' ? runs.terminal_runs_with_cost : runs.terminal_runs_with_tokens;
  const [covered, all] = [sum(known), sum(runs.terminal_runs)];
  if (covered >= all || !grid.groups.every((group) => grid.isTold({ base: 'runs' }, group, WHOLE))) return [];
  const verb = what === 'cost' ? 'is' : 'are';
  const percent = (count: bigint): string => `${Number((count * 100n) / all)} %`;
  const inPart = what === 'cost' ? sum(runs.terminal_runs_with_part_of_cost) : 0n;
  const partly = inPart > 0n ? `, and in part for ${percent(inPart)} (a lower bound)` : '';
  const text = `${what} ${verb} known for ${percent(covered)} of the terminal runs${partly}; unknown is not counted as zero`;
  return [{ severity: 'warning', text }];
}

function fewRunsNotice({ asked, grid, shown }: Answered): NoticeText[] {
  if (!asked.some(isSensitive)) return [];
  const counts = shown.map(({ group }) => Number(grid.count(runs.runs, group)));
  const few = counts.filter((count) => count > 0 && count < FEW_RUNS);
  if (few.length === 0) return [];
  const where =
    grid.dimensions.length === 0
      ? `only ${counted(few[0]!, 'run')}`
      : `${inDigits(few.length)} of ${counted(shown.length, 'group')}`;
  const text = `fewer than ${FEW_RUNS} runs (${where}): rates, averages and percentiles say little`;
  return [{ severity: 'info', text }];
}

/** Calls that belong to no run are in no sum. */
async function callsWithoutRun(context: QuestionContext, { window }: Rows): Promise<NoticeText[]> {
  const draft = new Draft(context.orgId);
  const sql = lines(
    'select count(*) as calls',
    `from ${draft.table('llm_calls')} c`,
    `left join ${draft.table('sessions')} s on s.org_id = $1 and s.session_id = c.session_id`,
    'where c.org_id = $1',
    '  and c.run_id is null',
    '  and c.counts',
    '  and s.hidden is not true',
    `  and ${within('c.at', window, draft).join('\n  and ')}`,
  );
  const [row] = await context.ask(draft.statement(sql));
  const calls = Number(row?.calls ?? 0);
  if (calls === 0) return [];
  const verbs = calls === 1 ? 'belongs to no run and is' : 'belong to no run and are';
  const text = `${counted(calls, 'call')} in this window ${verbs} not counted`;
  return [{ severity: 'warning', text }];
}
