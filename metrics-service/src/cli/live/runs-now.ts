import pc from 'picocolors';
import { findMetric, inWords, showMetric } from '../../catalogue/index.js';
import { showDuration } from '../../format/numbers.js';
import { printable, showTime, showValue } from '../../format/values.js';
import type { RowSet, ShownColumn, ShownRow } from '../../presentation/rows.js';
import { isGrowing } from '../../live/state.js';
import { tableLines } from '../render/table.js';
import { oneLine } from '../runs/summary.js';
import type { Sight } from './watch.js';

/** The metrics of now that the head of the screen shows. */
export const OF_NOW = [
  'queued_runs_now',
  'in_flight_runs_now',
  'stuck_runs_now',
  'burn_rate_now',
  'max_context_use_now',
];
const SHOWN = [
  ...['run', 'state', 'elapsed', 'agent', 'role', 'repo', 'model', 'phase', 'steps', 'total_tokens', 'total_cost'],
  ...['context_use', 'activity'],
];
const ACTIVITY_CHARACTERS = 60;
/** On a terminal a context that is this full is coloured. */
const [FULL, NEARLY_FULL] = [0.95, 0.8];

/** The runs of now and the numbers of now, as they were asked at `asOf` (epoch ms). */
export interface RunsNow {
  readonly owner: string;
  readonly rows: RowSet;
  readonly numbers: Readonly<Record<string, number | null>>;
  readonly asOf: number;
  readonly timezone: string;
  readonly notices: readonly string[];
  /** the status of each of these runs that has ended */
  readonly endOf: (runs: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** What to show of them: a screen, and a line for each run that does not change with the time alone. */
export function sightOf(now: RunsNow, { rich, json }: { rich: boolean; json: boolean }): Sight {
  const time = showTime(now.asOf, now.timezone, 'millisecond').slice(11, 19);
  const line = json ? jsonLine : (row: ShownRow) => textLine(row, now.rows.columns, now.timezone);
  const things = new Map(now.rows.rows.map((row) => [row.run as string, line(row)]));
  return {
    lines: screenLines(now, rich),
    things,
    async gone(ids) {
      if (json) return ids.map((run) => JSON.stringify({ run, state: null }));
      const ends = await now.endOf(ids);
      const said = (id: string) =>
        ends.has(id) ? `ended: ${inWords('status', ends.get(id)!)}` : 'not heard of any more';
      return ids.map((id) => `${printable(id)}  ${said(id)} (${time})`);
    },
  };
}

function screenLines({ owner, rows, numbers, asOf, timezone, notices }: RunsNow, rich: boolean): string[] {
  const { bold, dim } = pc.createColors(rich);
  const said = OF_NOW.map((id) => `${findMetric(id)!.title}: ${showMetric(findMetric(id)!, numbers[id] ?? null)}`);
  const head = `${bold(printable(owner))}  ${showTime(asOf, timezone, 'millisecond').slice(0, 19)}  ${timezone}`;
  const notes = notices.map((text) => dim(`note: ${printable(text)}`));
  const table = rows.rows.length === 0 ? ['nothing is queued or in flight'] : runLines(rows, timezone, rich);
  return [head, said.join('   '), ...notes, '', ...table];
}

function runLines({ shape, columns, rows }: RowSet, timezone: string, rich: boolean): string[] {
  const shown = SHOWN.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  const asText = shown.map((column) =>
    ['steps', 'state'].includes(column.name) ? { ...column, kind: 'text' as const } : column,
  );
  const used = asText.filter(({ name, kind }) => kind !== 'text' || rows.some((row) => row[name] != null));
  const { yellow, red } = pc.createColors(rich);
  const readable = rows.map((row) => ({
    ...row,
    steps: stepOf(row),
    state: inWords('state', row.state as string),
    activity: typeof row.activity === 'string' ? oneLine(row.activity, ACTIVITY_CHARACTERS) : null,
  }));
  const look = { timezone, rich, width: Infinity, metrics: [], groupBy: [] };
  const [head, ...lines] = tableLines({ shape, columns: used, rows: readable }, look);
  return [head!, ...lines.map((line, index) => paint(rows[index]!, { yellow, red })(line))];
}

/** Stuck, or out of context soon: these lines are looked for. */
function paint(row: ShownRow, { yellow, red }: Record<'yellow' | 'red', (text: string) => string>) {
  const used = (row.context_use ?? 0) as number;
  if (row.state === 'stuck' || used >= FULL) return red;
  return used >= NEARLY_FULL ? yellow : (text: string) => text;
}

function stepOf(row: ShownRow): string | null {
  const [step, steps] = [row.step, row.steps] as (number | null)[];
  if (step == null) return null;
  return steps == null ? `${step}` : `${step} of ${steps}`;
}

/** A run without what grows with the time alone: an estimate, too. */
function jsonLine(row: ShownRow): string {
  return JSON.stringify(Object.fromEntries(Object.entries(row).filter(([name]) => !isGrowing(name, row))));
}

function textLine(row: ShownRow, columns: readonly ShownColumn[], timezone: string): string {
  const shown = (name: string): string => {
    const column = columns.find((one) => one.name === name)!;
    return row[name] == null ? '' : showValue(row[name], column.kind, timezone);
  };
  const since = (row.started_at ?? row.queued_at) as number;
  const heard = row.last_heard_at as number;
  const parts = [
    shown('run'),
    inWords('state', row.state as string),
    shown('agent'),
    shown('phase'),
    stepOf(row) ?? '',
    row.cost_estimated === true ? '' : shown('total_cost'),
    shown('context_use') && `${shown('context_use')} of its context`,
    typeof row.activity === 'string' ? oneLine(row.activity, ACTIVITY_CHARACTERS) : '',
    heard > since ? `(${showDuration(heard - since)} in)` : '',
  ];
  return parts.filter((part) => part !== '').join('  ');
}
