import { InvalidArgumentError } from 'commander';
import { TOKEN_SCOPES, type TokenScope } from '../contract/access.js';
import { parseRfc3339 } from '../contract/rfc3339.js';

const UNIT_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** For a command about one organization; context.ts chooses the default. */
export const ORG_FLAG = [
  '--org <id>',
  'the organization (default: the only one other than `default` and `demo`, else `default`)',
] as const;

/** For `--scope`, which may be given several times. */
export function addScope(text: string, before: TokenScope[] = []): TokenScope[] {
  if (!(TOKEN_SCOPES as readonly string[]).includes(text)) {
    throw new InvalidArgumentError(`It must be one of ${TOKEN_SCOPES.join(', ')}.`);
  }
  return before.includes(text as TokenScope) ? before : [...before, text as TokenScope];
}

/** For `--expires`: 90d, 12h, or a date with or without a time (without: its beginning in UTC). */
export function expiryParser(clock: () => number): (text: string) => Date {
  return (text) => {
    const [, count, unit] = /^([1-9]\d{0,4})([mhdw])$/.exec(text) ?? [];
    const ms = unit ? clock() + Number(count) * UNIT_MS[unit]! : dateMs(text);
    if (Number.isNaN(ms)) throw new InvalidArgumentError('It must be like 90d, 12h or 2030-01-31.');
    if (ms <= clock()) throw new InvalidArgumentError('It must lie in the future.');
    return new Date(ms);
  };
}

/** Whether what was made with `--expires` is still good. */
export function stateOf(
  { revokedAt, expiresAt }: { revokedAt: Date | null; expiresAt: Date | null },
  nowMs: number,
): 'valid' | 'expired' | 'revoked' {
  if (revokedAt) return 'revoked';
  return expiresAt && expiresAt.getTime() <= nowMs ? 'expired' : 'valid';
}

/** Strict: 31 February is invalid. */
function dateMs(text: string): number {
  if (!DATE.test(text)) return NaN;
  const withSeconds = text.replace(/^(.{10})$/, '$1T00:00Z').replace(/^(.{16})(?=[Z+-])/, '$1:00');
  return parseRfc3339(withSeconds) ?? NaN;
}

/** For an instant by its age (30d, 12h, 4w) or date (without a time: its beginning in UTC), as epoch milliseconds. */
export function pastInstant(clock: () => number): (text: string) => number {
  return (text) => {
    const [, count, unit] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
    const ms = unit ? clock() - Number(count) * UNIT_MS[unit]! : dateMs(text);
    if (Number.isNaN(ms)) {
      throw new InvalidArgumentError('It must be like 2026-01-31, 2026-01-31T09:30:00Z, 30d or 12h.');
    }
    return ms;
  };
}

/** For a whole number within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,15}$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** A time zone by its IANA name. */
export function timezone(text: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
  } catch {
    throw new InvalidArgumentError('It must be an IANA time zone such as Europe/Berlin.');
  }
  if (/^[+-]/.test(text)) throw new InvalidArgumentError('It must be an IANA time zone such as Europe/Berlin.');
  return text;
}

/** `45m` or `2h` in milliseconds: longer than a run may be silent and still count as going on. */
export function settleTime(text: string): number {
  return minutesAndHours(text, 11, 'It must be 11m to 23h, such as 45m or 2h.');
}

/** The same, of how long a run in flight is not heard of before it counts as stuck. */
export function stuckTime(text: string): number {
  return minutesAndHours(text, 1, 'It must be 1m to 23h, such as 5m or 1h.');
}

function minutesAndHours(text: string, least: number, otherwise: string): number {
  const [, count, unit] = /^(\d{1,4})([mh])$/.exec(text) ?? [];
  const minutes = Number(count) * (unit === 'h' ? 60 : 1);
  if (minutes >= least && minutes <= 23 * 60) return minutes * 60_000;
  throw new InvalidArgumentError(otherwise);
}

/** The same as text. */
export function durationText(ms: number): string {
  const minutes = ms / 60_000;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}
