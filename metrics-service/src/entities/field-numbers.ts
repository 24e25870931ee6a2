import { perEntity } from './index.js';

/** The field numbers of each entity, as used in the stamps of stored rows. */
export type FieldNumbers = Record<string, Record<string, number>>;

/** The numbers as the entities declare them. */
export function declaredNumbers(): FieldNumbers {
  return perEntity(({ fields }) =>
    Object.fromEntries(Object.entries(fields).map(([field, [number]]) => [field, number])),
  );
}

/**
 * All numbers ever assigned, plus those of new fields. A removed field keeps its number, since rows still contain it.
 * @throws Error if a listed number was changed, or given to another field
 */
export function withNewFields(listed: FieldNumbers, declared: FieldNumbers): FieldNumbers {
  const merged: FieldNumbers = {};
  for (const name of new Set([...Object.keys(listed), ...Object.keys(declared)])) {
    const known = listed[name] ?? {};
    for (const [field, number] of Object.entries(declared[name] ?? {})) {
      const holder = Object.keys(known).find((one) => known[one] === number);
      if (field in known && known[field] !== number) {
        throw new Error(`${name}.${field} has the number ${known[field]} in stored rows: it cannot become ${number}`);
      }
      if (holder !== undefined && holder !== field) {
        throw new Error(`${name}.${field} has the number ${number}, which stored rows have for ${holder}`);
      }
    }
    const numbers = Object.entries({ ...known, ...declared[name] }).sort(([, a], [, b]) => a - b);
    merged[name] = Object.fromEntries(numbers);
  }
  return merged;
}

/** The text of field-numbers.json. */
export function fieldNumbersText(numbers: FieldNumbers): string {
  return `${JSON.stringify(numbers, null, 2)}\n`;
}
