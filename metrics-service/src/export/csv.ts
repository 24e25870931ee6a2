import { stringify, type Stringifier } from 'csv-stringify';
import { Temporal } from 'temporal-polyfill';
import type { Window } from '../query/buckets.js';

/** A column of a file; `type` says how its values are written. */
export interface CsvColumn {
  readonly title: string;
  readonly type: 'text' | 'time' | 'number' | 'flag';
}

/** Rows in, RFC 4180 out, with a line of titles; what a spreadsheet would take for a formula is made text. */
export function csvStream(columns: readonly CsvColumn[]): Stringifier {
  return stringify({
    header: true,
    columns: columns.map(({ title }, index) => ({ key: String(index), header: title })),
    record_delimiter: '\r\n',
    // also a line feed or return alone, for which the library does not quote where the delimiter is both
    quote_record_delimiter: true,
    escape_formulas: true,
    cast: { boolean: String },
  });
}

/** A value as a cell: times in ISO 8601 with the zone's offset, all else as it is; null is empty. */
export function cellOf(value: unknown, { type }: CsvColumn, timezone: string): unknown {
  return type === 'time' && typeof value === 'number' ? isoTime(value, timezone) : value;
}

function isoTime(ms: number, timezone: string): string {
  return inZone(ms, timezone).toString({ timeZoneName: 'never' });
}

function inZone(ms: number, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timezone);
}

/** `runboard-runs-2026-03-02-to-2026-03-09.csv`: what and when, with the time of day where it is not midnight. */
export function fileNameOf(view: string, { from, to }: Window, timezone: string): string {
  const [start, end] = [from, to].map((ms) => {
    const local = inZone(ms, timezone).toPlainDateTime();
    const date = local.toPlainDate().toString();
    const time = local.toPlainTime().toString({ smallestUnit: 'minute' }).replace(':', '');
    return time === '0000' ? date : `${date}T${time}`;
  });
  return `runboard-${view}-${start}-to-${end}.csv`;
}
