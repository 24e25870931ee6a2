import { perEntity } from './index.js';

/** By entity, the number of each field: what stamps of stored rows mean. */
export type FieldNumbers = Record<string, Record<string, number>>;

/** The numbers as the entities declare them. */
export function declaredNumbers(): FieldNumbers {
  return perEntity(({ fields }) =>
    Object.fromEntries(Object.entries(fields).map(([field, [number]]) => [field, number])),
  );
}

/**
 * The list of all numbers that were ever given, with those of new fields. A field that is gone keeps its number: rows
 * still hold it.
 * @throws Error where a listed number was changed, or given to another field
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

/** As field-numbers.json has it. */
export function fieldNumbersText(numbers: FieldNumbers): string {
  return `${JSON.stringify(numbers, null, 2)}\n`;
}
