import { stringify } from 'csv-stringify/sync';
import { Temporal } from 'temporal-polyfill';
import type { Window } from '../query/buckets.js';

/** A column of a file; `type` decides how its values are written. */
export interface CsvColumn {
  readonly title: string;
  readonly type: 'text' | 'time' | 'number' | 'flag';
  /** what its numbers are in, as a frame says it */
  readonly unit?: string | undefined;
}

/** RFC 4180; text that a spreadsheet would take for a formula is escaped. */
const FORMAT = {
  record_delimiter: '\r\n',
  // also a lone line feed or return, which the library does not quote if the delimiter is both
  quote_record_delimiter: true,
  escape_formulas: true,
  cast: { boolean: String },
} as const;

/** By it Excel on Windows knows UTF-8; other programs may take it for part of the first title. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** Invisible characters followed by the start of a formula: the library checks only the first character. */
const HIDDEN_FORMULA = /^[\p{Z}\p{C}]+[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u;

/**
 * A line before the titles that says why there are no rows. Programs that read CSV can skip it (`comment="#"` in pandas),
 * and a spreadsheet shows it as its first cell: so it has no comma and no double quote.
 */
export function noteLine(text: string): string {
  return `# ${text
    .replaceAll(',', ';')
    .replaceAll('"', "'")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')}\r\n`;
}

/** The units that the values of a file have; a count has none. */
const UNITS: Readonly<Record<string, string>> = {
  currencyUSD: 'USD',
  clockms: 'ms',
  percentunit: '0 to 1',
  'suffix: pp': 'pp',
};

/** The line of titles; `Total cost (USD)` if they are to say their units. */
export function titleLine(columns: readonly CsvColumn[], withUnits = false): string {
  const titles = columns.map(({ title, unit }) => {
    const said = withUnits ? UNITS[unit ?? ''] : undefined;
    return withoutFormula(said === undefined ? title : `${title} (${said})`);
  });
  return stringify([titles], FORMAT);
}

/** Rows as lines: times in ISO 8601 with the zone's offset, everything else as it is; null is empty. */
export function lineWriter(
  columns: readonly CsvColumn[],
  timezone: string,
): (rows: readonly (readonly unknown[])[]) => string {
  const time = timeWriter(timezone);
  return (rows) => {
    const cells = rows.map((row) =>
      row.map((value, index) =>
        columns[index]!.type === 'time' && typeof value === 'number' ? time(value) : withoutFormula(value),
      ),
    );
    return stringify(cells, FORMAT);
  };
}

function withoutFormula(value: unknown): unknown {
  return typeof value === 'string' && HIDDEN_FORMULA.test(value) ? `'${value}` : value;
}

/** Looks up the zone's offset only when it may change: a file has many times. */
function timeWriter(timezone: string): (ms: number) => string {
  let same = { from: Infinity, to: -Infinity, offsetMs: 0, offset: '' };
  return (ms) => {
    if (ms < same.from || ms >= same.to) same = offsetAround(ms, timezone);
    return new Date(ms + same.offsetMs).toISOString().replace(/(\.000)?Z$/, same.offset);
  };
}

function offsetAround(ms: number, timezone: string) {
  const local = inZone(ms, timezone);
  // + 1: a transition at exactly this instant is the previous one
  const from = inZone(ms + 1, timezone).getTimeZoneTransition('previous')?.epochMilliseconds ?? -Infinity;
  const to = local.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity;
  return { from, to, offsetMs: local.offsetNanoseconds / 1e6, offset: local.offset };
}

function inZone(ms: number, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timezone);
}

/** `runboard-runs-2026-03-02-to-2026-03-09.csv`: view and window, with the time of day unless it is midnight. */
export function fileNameOf(view: string, { from, to }: Window, timezone: string): string {
  const [start, end] = [from, to].map((ms) => {
    const local = inZone(ms, timezone).toPlainDateTime();
    const date = local.toPlainDate().toString();
    const time = local.toPlainTime().toString({ smallestUnit: 'minute' }).replace(':', '');
    return time === '0000' ? date : `${date}T${time}`;
  });
  return `runboard-${view}-${start}-to-${end}.csv`;
}
