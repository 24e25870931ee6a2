import type { Measure } from '../catalogue/measure.js';
import { runs } from '../catalogue/measures/runs.js';
import type { Notice } from '../contract/frames.js';
import type { Context } from './evaluate.js';
import { run } from './evaluate.js';
import type { Grid } from './grid.js';
import type { Asked, NamedGroup } from './groups.js';
import type { Rows } from './plan.js';
import { Bindings, within } from './statements/statement.js';

/** What the reader of an answer would otherwise get wrong. */
export type NoticeText = Notice;

const FEW_RUNS = 20;

function measuresOf({ value }: Asked): readonly Measure[] {
  return 'measures' in value ? value.measures : [];
}

function isAbout(asked: readonly Asked[], what: 'cost' | 'tokens'): boolean {
  return asked.some((one) => measuresOf(one).some(({ kind, name }) => kind === 'known' && name.includes(what)));
}

/** Rates, averages and percentiles, which say little over few runs. */
function isSensitive({ metric, value }: Asked): boolean {
  return value.base === 'runs' && (metric.unit === 'ratio' || metric.unit === 'ms');
}

/** The measures of runs that the notices need; none where the query has no metric of runs. */
export function noticeMeasures(asked: readonly Asked[]): Measure[] {
  if (!asked.some(({ value }) => value.base === 'runs')) return [];
  return [
    ...(asked.some(isSensitive) ? [runs.runs] : []),
    ...(isAbout(asked, 'cost') ? [runs.terminal_runs, runs.terminal_runs_with_cost] : []),
    ...(isAbout(asked, 'tokens') ? [runs.terminal_runs, runs.terminal_runs_with_tokens] : []),
  ];
}

export interface Answered {
  readonly asked: readonly Asked[];
  readonly rows: Rows;
  readonly grid: Grid;
  /** the groups in the answer, of `found` from `offset` on */
  readonly shown: readonly NamedGroup[];
  readonly found: number;
  readonly offset: number;
}

export async function groupNotices(context: Context, answered: Answered): Promise<NoticeText[]> {
  const { asked, rows } = answered;
  const isAboutParts = isAbout(asked, 'cost') || isAbout(asked, 'tokens');
  return [
    ...cutNotice(answered),
    ...(isAbout(asked, 'cost') ? coverageNotice(answered, 'cost', runs.terminal_runs_with_cost) : []),
    ...(isAbout(asked, 'tokens') ? coverageNotice(answered, 'tokens', runs.terminal_runs_with_tokens) : []),
    ...fewRunsNotice(answered),
    ...(isAboutParts ? await callsWithoutRun(context, rows) : []),
  ];
}

/** `first 50 of 212 groups`: what the limit and offset left out. */
export function pageText(shown: number, offset: number, found: number, what: string): string {
  const count = (number: number): string => number.toLocaleString('en-US');
  const which = offset === 0 ? `first ${count(shown)}` : `${count(offset + 1)} to ${count(offset + shown)}`;
  return `${which} of ${count(found)}${what}`;
}

function cutNotice({ shown, found, offset }: Answered): NoticeText[] {
  if (shown.length === found) return [];
  return [{ severity: 'info', text: `${pageText(shown.length, offset, found, ' groups')}: the limit cuts the others` }];
}

function coverageNotice({ grid }: Answered, what: 'cost' | 'tokens', known: Measure): NoticeText[] {
  const sum = (measure: Measure): bigint =>
    grid.groups.reduce((total, group) => total + grid.count(measure, group), 0n);
  const [covered, all] = [sum(known), sum(runs.terminal_runs)];
  if (covered >= all) return [];
  const verb = what === 'cost' ? 'is' : 'are';
  const text = `${what} ${verb} known for ${Number((covered * 100n) / all)} % of the terminal runs; unknown is not counted as zero`;
  return [{ severity: 'warning', text }];
}

function fewRunsNotice({ asked, grid, shown }: Answered): NoticeText[] {
  if (!asked.some(isSensitive)) return [];
  const counts = shown.map(({ group }) => Number(grid.count(runs.runs, group)));
  const few = counts.filter((count) => count > 0 && count < FEW_RUNS);
  if (few.length === 0) return [];
  const which = grid.dimensions.length === 0 ? `only ${few[0]} runs` : `${few.length} of ${shown.length} groups`;
  const text = `fewer than ${FEW_RUNS} runs (${which}): rates, averages and percentiles say little`;
  return [{ severity: 'info', text }];
}

/** Calls that fell to no run are in no sum. */
async function callsWithoutRun(context: Context, { window }: Rows): Promise<NoticeText[]> {
  const bindings = new Bindings(context.tx.orgId);
  const sql = `select count(*) as calls
from llm_calls c
left join sessions s on s.org_id = $1 and s.session_id = c.session_id
where c.org_id = $1
  and c.run_id is null
  and s.hidden is not true
  and ${within('c.at', window, bindings).join('\n  and ')}`;
  const [row] = await run(context, { sql, values: bindings.values });
  const calls = Number(row?.calls ?? 0);
  if (calls === 0) return [];
  const text = `${calls.toLocaleString('en-US')} calls in this window belong to no run and are not counted`;
  return [{ severity: 'warning', text }];
}
