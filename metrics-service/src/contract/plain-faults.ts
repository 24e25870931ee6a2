import type { z } from 'zod';

const FORMS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** An error map: what is wrong with a value whose schema has no words of its own for it. Without a value it is missing. */
export function plainly({ code, expected, input }: z.core.$ZodRawIssue): string | undefined {
  if (input == null) return 'is required';
  const form = code === 'invalid_type' ? FORMS[String(expected)] : undefined;
  return form && `must be ${form}`;
}
