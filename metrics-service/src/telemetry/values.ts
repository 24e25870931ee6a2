/** An attribute's value: int64 beyond 2^53 as text, bytes as base64. */
export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };

/** Attributes by name, without a prototype: names are the sender's. */
export type Attributes = Readonly<Record<string, Value>>;

/** A text that says something; null otherwise. */
export function textOf(value: Value | undefined): string | null {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? null : text;
}

/** The first of these that is a text. */
export function firstText(attributes: Attributes, names: readonly string[]): string | null {
  for (const name of names) {
    const text = textOf(attributes[name]);
    if (text !== null) return text;
  }
  return null;
}

/** A finite number, which may be written as text; null otherwise. */
export function numberOf(value: Value | undefined): number | null {
  const number =
    typeof value === 'string' && /^[+-]?\d{1,30}(\.\d{1,30})?(e[+-]?\d{1,3})?$/i.test(value.trim())
      ? Number(value)
      : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** A count: an integer from 0 to 2^53 − 1; null otherwise. */
export function countOf(value: Value | undefined): number | null {
  const number = numberOf(value);
  return number !== null && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** Like `countOf`, rounded: milliseconds are measured in fractions. */
export function roundedCountOf(value: Value | undefined): number | null {
  const number = numberOf(value);
  return number === null ? null : countOf(Math.round(number));
}

/** `true` or `false`, which may be written as text; null otherwise. */
export function booleanOf(value: Value | undefined): boolean | null {
  if (typeof value === 'boolean') return value;
  const text = textOf(value)?.toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : null;
}

/** A text or number as text; '' for anything else. */
export function wordOf(value: Value | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
