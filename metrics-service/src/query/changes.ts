import { baseOf } from '../catalogue/bases/index.js';
import { runs } from '../catalogue/bases/runs.js';
import { sessions } from '../catalogue/bases/sessions.js';
import { TAKES, type Dimension } from '../catalogue/dimensions.js';
import type { Measure } from '../catalogue/measure.js';
import type { Metric } from '../catalogue/index.js';
import type { Asked } from './asked.js';
import { changeColour, changeKindOf, changeOf, FEWEST_RUNS, type ChangeKind } from './change.js';
import type { Grid, Group } from './grid.js';

/** A group's value in one window. */
export interface At {
  readonly grid: Grid;
  readonly group: Group;
  readonly slice: number;
}

export interface Change {
  readonly value: number | null;
  readonly colour: 'semi-dark-green' | 'red' | 'text';
  /** whether both windows have enough runs for it to say anything */
  readonly isEnough: boolean;
}

/** The runs behind a metric's groups, of which both windows must have enough for a change to be drawn. */
export function runsBehind({ value }: Asked, dimensions: readonly Dimension[]): Measure {
  if (value.base === 'sessions') return sessions.session_runs;
  const isOfRuns = dimensions.every(({ name }) => (TAKES.runs.groups as readonly string[]).includes(name));
  return isOfRuns || !('measures' in value) || value.base === 'usual' ? runs.runs : baseOf(value.base).rows;
}

/** How a metric's value changed since the earlier window; `behind` are the runs that it is about. */
export function changeBetween({ metric, value }: Asked, now: At, earlier: At, behind: Measure): Change {
  const valueAt = ({ grid, group, slice }: At): number | null => grid.value(value, group, slice);
  const casesAt = ({ grid, group, slice }: At) => grid.cases(value, group, slice);
  const isEnough = [now, earlier].every(
    ({ grid, group, slice }) => Number(grid.measure(behind, group, slice)) >= FEWEST_RUNS,
  );
  const [ofNow, ofEarlier] = [casesAt(now), casesAt(earlier)];
  const both = {
    now: valueAt(now),
    earlier: valueAt(earlier),
    shares: ofNow && ofEarlier ? { now: ofNow, earlier: ofEarlier } : null,
  };
  return {
    value: changeOf(both.earlier, both.now, changeKindOf(metric)),
    colour: isEnough ? changeColour(metric, both) : 'text',
    isEnough,
  };
}

const oneDecimal = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const significant = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 });
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `▼ 2.3 pp`, `▲ 33%`, `± 0` where none shows */
export function changeInWords(metric: Metric, change: number): string {
  const kind = changeKindOf(metric);
  const text = sizeInWords(Math.abs(change), kind);
  if (text === null) return '± 0';
  return `${change < 0 ? '▼' : '▲'} ${text}`;
}

function sizeInWords(size: number, kind: ChangeKind): string | null {
  if (kind === 'difference') return size === 0 ? null : significant.format(size);
  const text = kind === 'points' ? oneDecimal.format(size) : (size < 0.095 ? oneDecimal : whole).format(size * 100);
  if (text === '0') return null;
  return kind === 'points' ? `${text} pp` : `${text}%`;
}
