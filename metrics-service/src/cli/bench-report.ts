import type { BudgetsFigures } from '../bench/budgets/index.js';
import type { ExportFigures } from '../bench/export.js';
import type { ImportFigures } from '../bench/import.js';
import type { IngestFigures } from '../bench/ingest.js';
import type { LiveFigures, Percentiles } from '../bench/live/index.js';
import type { OverviewFigures } from '../bench/overview.js';
import type { Load, QueriesFigures } from '../bench/queries.js';
import { NO_DUCKDB } from '../bench/scale/duckdb.js';
import type { ScaleFigures } from '../bench/scale/index.js';
import type { TelemetryFigures } from '../bench/telemetry.js';
import type { TimelineFigures } from '../bench/timeline.js';

export interface Figures {
  ingest?: IngestFigures;
  overview?: OverviewFigures;
  telemetry?: TelemetryFigures;
  import?: ImportFigures;
  timeline?: TimelineFigures;
  export?: ExportFigures;
  queries?: QueriesFigures;
  live?: LiveFigures;
  budgets?: BudgetsFigures;
  scale?: ScaleFigures;
}

/** Each figure with its goal and details, one per line. */
export function reportLines(figures: Figures): string[] {
  return [
    ...(figures.ingest ? ingestLines(figures.ingest) : []),
    ...(figures.overview ? overviewLines(figures.overview) : []),
    ...(figures.telemetry ? telemetryLines(figures.telemetry) : []),
    ...(figures.import ? importLines(figures.import) : []),
    ...(figures.timeline ? timelineLines(figures.timeline) : []),
    ...(figures.export ? exportLines(figures.export) : []),
    ...(figures.queries ? queriesLines(figures.queries) : []),
    ...(figures.live ? liveLines(figures.live) : []),
    ...(figures.budgets ? budgetsLines(figures.budgets) : []),
    ...(figures.scale ? scaleLines(figures.scale) : []),
  ];
}

function line(name: string, measured: string, goal = ''): string {
  return `${name.padEnd(11)}${measured}${goal && ` (goal: ${goal})`}`;
}

function ingestLines({ events, rows, ingestSeconds, copySeconds, ratio, serviceMemoryMb }: IngestFigures): string[] {
  return [
    line('ingest', `${whole(events / ingestSeconds)} events/s through HTTP: ${whole(events)} events`),
    line('', `COPY loads the same ${whole(rows)} rows at ${whole(events / copySeconds)} events/s`),
    line('', `ingest reaches ${(100 * ratio).toFixed(1)} % of it`, 'at least 33.3 %'),
    line('', `the service held ${whole(serviceMemoryMb)} MB at most`, 'less than 300 MB'),
  ];
}

function overviewLines({ databaseMs, runs, panels }: OverviewFigures): string[] {
  return [
    line('overview', `${whole(databaseMs)} ms of database time over ${whole(runs)} runs`, 'less than 1 s'),
    ...Object.entries(panels).map(([panel, ms]) => line('', `${panel}: ${whole(ms)} ms`)),
  ];
}

function telemetryLines({ records, seconds, serviceMemoryMb, hooks }: TelemetryFigures): string[] {
  return [
    line('telemetry', `${whole(records / seconds)} log records/s by OTLP: ${whole(records)} records`, '20,000/s'),
    line('', `the service held ${whole(serviceMemoryMb)} MB at most`, 'less than 300 MB'),
    line(
      '',
      `hooks at ${hooks.perSecond}/s, ${whole(hooks.refused)} of them refused: median ${whole(hooks.medianMs)} ms, 95 % within ${whole(hooks.p95Ms)} ms`,
      'less than 50 ms',
    ),
  ];
}

function importLines({ megabytes, seconds, events, serviceMemoryMb, importerMemoryMb }: ImportFigures): string[] {
  return [
    line('import', `${whole(megabytes)} MB of transcripts in ${seconds.toFixed(1)} s, ${whole(events)} events`),
    line('', `the service held ${whole(serviceMemoryMb)} MB at most`, 'less than 300 MB'),
    line('', `the importer, with the benchmark around it, ${whole(importerMemoryMb)} MB`),
  ];
}

function timelineLines({ runs, messages, spans, bytes, medianMs, mostMs }: TimelineFigures): string[] {
  return [
    line('timeline', `${whole(medianMs)} ms through HTTP, at most ${whole(mostMs)} ms`, 'less than 150 ms'),
    line('', `${whole(runs)} runs, ${whole(messages)} messages: ${whole(spans)} spans in ${whole(bytes / 1024)} KB`),
  ];
}

function exportLines({ sessions, megabytes, seconds, serviceGrowthMb, commandGrowthMb }: ExportFigures): string[] {
  return [
    line('export', `${whole(sessions)} sessions as CSV: ${whole(megabytes)} MB in ${seconds.toFixed(1)} s`),
    line('', `the service grew by ${whole(serviceGrowthMb)} MB`, 'less than 150 MB'),
    line('', `runboard export by ${whole(commandGrowthMb)} MB, against 1,000 rows`),
  ];
}

function queriesLines({ connections, sameWindow, otherWindows, distinct }: QueriesFigures): string[] {
  const measured = ({ perSecond, medianMs, p975Ms }: Load): string =>
    `${whole(perSecond)}/s, median ${whole(medianMs)} ms, 97.5 % within ${whole(p975Ms)} ms`;
  return [
    line('queries', `questions of boards over the demo organization, 30 days, ${connections} connections`),
    line('', `everybody the same window: ${measured(sameWindow)}`, '500/s, 95 % within 200 ms'),
    line('', `every query another window: ${measured(otherWindows)}`),
    line('', `as fast as it answers, small and large: ${measured(distinct)}`),
    line('', `memory of the service meanwhile: ${whole(distinct.serviceMb)} MB`, 'less than 400 MB'),
  ];
}

function liveLines(figures: LiveFigures): string[] {
  const { runs, streams, perSecond, events, messages, missing, sinceAckMs, sinceDueMs, kbPerStream } = figures;
  const percentiles = ({ p50, p95, p99 }: Percentiles): string =>
    `median ${whole(p50)} ms, 95 % within ${whole(p95)} ms, 99 % within ${whole(p99)} ms`;
  return [
    line('live', `${whole(runs)} open runs, ${streams} streams, ${whole(events)} events at ${perSecond}/s`),
    line('', `from acknowledgement to the changed row: ${percentiles(sinceAckMs)}`, '95 % within 500 ms'),
    line('', `from when it was due to be sent: ${percentiles(sinceDueMs)}`),
    line('', `${whole(missing)} of ${whole(messages + missing)} never came`, 'none'),
    line('', `the service grew by ${whole(kbPerStream)} KB a stream`, 'less than 50 KB'),
    line(
      '',
      `ingest at ${whole(figures.ingestWith)} events/s, without streams ${whole(figures.ingestWithout)}: ${figures.ratio.toFixed(2)} of it`,
      'at least 0.95',
    ),
  ];
}

function budgetsLines({ runs, budgets, reached, medianMs, mostMs, fromRowsMs }: BudgetsFigures): string[] {
  return [
    line('budgets', `${whole(medianMs)} ms through HTTP, at most ${whole(mostMs)} ms`, 'less than 1 s'),
    line('', `${whole(budgets)} budgets, ${whole(reached)} of which will be reached, of ${whole(runs)} runs in a year`),
    line('', `from the rows ${whole(fromRowsMs)} ms; the same to the last digit`),
  ];
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** So many of the questions of boards are printed. */
const SLOWEST = 20;

function scaleLines(figures: ScaleFigures): string[] {
  const {
    runs,
    makeSeconds,
    rollupSeconds,
    rawMb,
    rollupMb,
    tables,
    questions,
    openRuns,
    usualSeconds,
    now,
    boards,
    hasDuckDb,
  } = figures;
  const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : whole(value)} ms`.padStart(10);
  const share = ((100 * rollupMb) / rawMb).toFixed(1);
  return [
    line('scale', `${whole(runs)} runs in a year, made in ${whole(makeSeconds)} s; windows of 90 days`),
    line(
      '',
      `sums made in ${whole(rollupSeconds)} s; ${whole(rollupMb)} MB, ${share} % of the ${whole(rawMb)} MB of runs and sessions`,
    ),
    ...Object.entries(tables).map(([table, mb]) => line('', `${table.padEnd(32)}${`${whole(mb)} MB`.padStart(10)}`)),
    line(
      '',
      `${''.padEnd(32)}${'rows'.padStart(10)}${'sums'.padStart(10)}${'first'.padStart(10)}${'times'.padStart(8)}${hasDuckDb ? 'DuckDB'.padStart(10) : ''}`,
    ),
    ...Object.entries(questions).map(([name, { raw, engine, engineFirst, duckdb }]) =>
      line(
        '',
        `${name.padEnd(32)}${ms(raw)}${ms(engine)}${ms(engineFirst)}${whole(raw / engine).padStart(8)}${duckdb === null ? '' : ms(duckdb)}`,
      ),
    ),
    ...(hasDuckDb ? [] : [line('', NO_DUCKDB)]),
    ...boardLines(boards, ms),
    line('', `as of now, with ${whole(openRuns)} open runs`, 'less than 5 ms each'),
    line('', `what is usual, found in the background in ${usualSeconds.toFixed(2)} s`),
    ...Object.entries(now).map(([name, took]) => line('', `${name.padEnd(32)}${ms(took)}`)),
  ];
}

function boardLines(boards: ScaleFigures['boards'], ms: (value: number) => string): string[] {
  const totals = [...new Set(boards.map(({ board }) => board))].map((board) => {
    const its = boards.filter((one) => one.board === board);
    return line('', `${board.padEnd(32)}${ms(its.reduce((sum, one) => sum + one.ms, 0))}  ${its.length} questions`);
  });
  const slowest = boards.slice(0, SLOWEST).map(({ board, panel, ms: took, reads }) => {
    const where = `${board.replace('runboard-', '')}: ${panel}`.slice(0, 47).padEnd(48);
    return line('', `${where}${ms(took)}  ${reads.join(' ')}`);
  });
  return [
    line('', 'all that a board asks about 90 days, time in the database'),
    ...totals,
    line('', `the ${slowest.length} slowest of these questions, and the tables that took longest (all: --json)`),
    ...slowest,
  ];
}
