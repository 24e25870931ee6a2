/** Small readings of single values: text order, times, money. */

import type { Fraction } from './fraction.js';

/** Texts compare as UTF-8 bytes. */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** An RFC 3339 time as epoch milliseconds, what is finer cut off. */
export function instant(text: string): number {
  const match = RFC3339.exec(text.toUpperCase());
  if (!match) throw new Error(`not an RFC 3339 time: ${text}`);
  const [, year, month, day, hour, minute, second, fraction, sign, offsetHours, offsetMinutes] = match;
  const millis = Number(((fraction ?? '') + '000').slice(0, 3));
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    millis,
  );
  const offset = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * 60_000;
  return sign === '-' ? local + offset : local - offset;
}

/** The number that the shortest decimal of a double is. */
export function decimal(value: number): Fraction {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [units = '', decimals = ''] = mantissa.split('.');
  const shift = Number(exponent) - decimals.length;
  const digits = BigInt(units + decimals);
  return shift >= 0 ? { n: digits * 10n ** BigInt(shift), d: 1n } : { n: digits, d: 10n ** BigInt(-shift) };
}

/** A decimal string or number in US dollars as whole nano-US-dollars, rounded half-even. */
export function nanos(value: string | number): bigint {
  const [mantissa = '', exponent = '0'] = String(value).toLowerCase().split('e');
  const [units = '', decimals = ''] = mantissa.split('.');
  const digits = BigInt(units + decimals);
  const shift = 9 + Number(exponent) - decimals.length; // nanos = digits * 10^shift
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  const floor = digits / divisor;
  const twiceRest = (digits % divisor) * 2n;
  if (twiceRest > divisor) return floor + 1n;
  if (twiceRest < divisor) return floor;
  return floor % 2n === 0n ? floor : floor + 1n;
}

/** `owner/name` of a repository's address, by the forms that the random events use. */
export function repoName<Name extends string | null>(repo: Name): string | Name {
  if (repo === null) return repo;
  const [, path] = /^(?:git@github\.com:|https:\/\/github\.com\/)(.*)$/i.exec(repo) ?? [];
  return path === undefined ? repo : path.replace(/\.git$/, '');
}
