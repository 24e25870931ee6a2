const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
/** The form that most times have: each 0 stands for a digit. */
const ISO = '0000-00-00T00:00:00.000Z';
const ZERO = 0x30;

/**
 * Converts an RFC 3339 date-time to epoch milliseconds, truncated to the millisecond; null if invalid. A leap second
 * (`:60`) counts as the second after it.
 */
export function parseRfc3339(text: string): number | null {
  if (text !== lastRead.text) lastRead = { text, ms: read(text) };
  return lastRead.ms;
}

/** An event states the same moment several times. */
let lastRead: { readonly text: string; readonly ms: number | null } = { text: '', ms: null };

function read(text: string): number | null {
  if (isIso(text)) {
    const part = (from: number, to: number): number => digits(text, from, to);
    const [hour, minute, second] = [part(11, 13), part(14, 16), part(17, 19)];
    return utcMs(part(0, 4), part(5, 7), part(8, 10), hour, minute, second, part(20, 23));
  }
  const match = RFC3339.exec(text);
  if (!match) return null;
  const part = (index: number): number => Number(match[index] ?? 0);
  const [offsetHour, offsetMinute] = [part(9), part(10)];
  if (offsetHour > 23 || offsetMinute > 59) return null;
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const ms = utcMs(part(1), part(2), part(3), part(4), part(5), part(6), milliseconds);
  const offset = (match[8] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute) * 60_000;
  return ms === null ? null : ms - offset;
}

function isIso(text: string): boolean {
  if (text.length !== ISO.length) return false;
  for (let at = 0; at < ISO.length; at += 1) {
    const [wanted, code] = [ISO.charCodeAt(at), text.charCodeAt(at)];
    if (wanted === ZERO ? code < ZERO || code > ZERO + 9 : code !== wanted) return false;
  }
  return true;
}

/** The number that these digits are. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at += 1) number = number * 10 + text.charCodeAt(at) - ZERO;
  return number;
}

/** Null if there is no such time. */
function utcMs(
  ...[year, month, day, hour, minute, second, ms]: [number, number, number, number, number, number, number]
): number | null {
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return null;
  if (day > 28 && day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}
