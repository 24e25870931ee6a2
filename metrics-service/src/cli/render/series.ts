import pc from 'picocolors';
import { NONE } from '../../contract/query.js';
import { sparkline } from './bars.js';
import type { ShownColumn, ShownRow, RowSet } from '../../presentation/rows.js';
import { shownColumns, tableLines, type Look } from './table.js';
import { cellsOf, textTable } from './text-table.js';
import { showPoints } from './times.js';
import { printable, showValue } from '../../format/values.js';

/** The points of one group. */
interface Group {
  readonly label: string;
  readonly rows: readonly ShownRow[];
}

/** One group's values of one metric. */
interface Line {
  readonly title: string;
  readonly metric: ShownColumn;
  readonly values: readonly (number | null)[];
}

/** On a terminal a sparkline per group and metric; then the points, with groups side by side if they fit, else one below the other. */
export function seriesLines(answer: RowSet, interval: string | null, look: Look): string[] {
  const columns = shownColumns(answer, look.groupBy);
  const metrics = columns.filter(({ role }) => role === 'metric');
  const groups = groupsOf(
    answer.rows,
    columns.filter(({ role }) => role === 'group'),
  );
  const lines = groups.flatMap(({ label, rows }) =>
    metrics.map((metric): Line => {
      const title = label === '' ? metric.title : metrics.length === 1 ? label : `${label}: ${metric.title}`;
      return { title, metric, values: rows.map((row) => row[metric.name] as number | null) };
    }),
  );
  const times = groups[0]!.rows.map(({ time }) => time as number);
  const points = showPoints(times, interval, look.timezone);
  return [
    ...(look.rich ? sparkLines(lines, look) : []),
    ...pointLines({ answer, groups, lines, points, interval }, look),
  ];
}

function groupsOf(rows: readonly ShownRow[], columns: readonly ShownColumn[]): Group[] {
  const byLabels = new Map<string, { label: string; rows: ShownRow[] }>();
  for (const row of rows) {
    const labels = columns.map(({ name }) => printable((row[name] as string | null) ?? NONE));
    const key = JSON.stringify(labels);
    const group = byLabels.get(key) ?? { label: labels.join(', '), rows: [] };
    group.rows.push(row);
    byLabels.set(key, group);
  }
  return [...byLabels.values()];
}

function sparkLines(lines: readonly Line[], { timezone, width }: Look): string[] {
  const { cyan, dim } = pc.createColors(true);
  const cells = lines.map(({ title, metric: { kind }, values }) => {
    const known = values.filter((value) => value !== null);
    const [least, most] = [known.reduce((a, b) => Math.min(a, b), Infinity), known.reduce((a, b) => Math.max(a, b), 0)];
    const range = known.length === 0 ? '' : [least, most].map((end) => showValue(end, kind, timezone)).join(' to ');
    return [title, cyan(sparkline(values)), dim(range)];
  });
  const [, ...drawn] = textTable(
    [0, 1, 2].map(() => ({ head: '', align: 'left' })),
    cells,
  );
  // a wrapped sparkline would be unreadable
  return drawn.some((line) => cellsOf(line) > width) ? [] : [...drawn, ''];
}

interface Points {
  readonly answer: RowSet;
  readonly groups: readonly Group[];
  readonly lines: readonly Line[];
  /** the labels of the points in time */
  readonly points: readonly string[];
  readonly interval: string | null;
}

function pointLines({ answer, groups, lines, points, interval }: Points, look: Look): string[] {
  const time: ShownColumn = { name: 'time', title: capital(interval ?? 'time'), kind: 'text', role: 'other' };
  if (groups.length > 1 || groups[0]!.label !== '') {
    const columns = lines.map(({ title, metric }, index) => ({ ...metric, name: `line ${index}`, title }));
    const rows = points.map((point, at): ShownRow =>
      Object.fromEntries<unknown>([
        ['time', point],
        ...lines.map(({ values }, index) => [`line ${index}`, values[at]] as const),
      ]),
    );
    const beside = tableLines({ shape: 'list', columns: [time, ...columns], rows }, look);
    if (beside.every((line) => cellsOf(line) <= look.width)) return beside;
  }
  const rows = groups.flatMap((group) => group.rows.map((row, at) => ({ ...row, time: points[at] })));
  return tableLines({ ...answer, columns: [time, ...answer.columns.slice(1)], rows }, look);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
