import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { EVENT_TYPES, envelope, eventTypes } from '../../src/contract/events.js';
import { quick, REFUSED } from '../../src/contract/quick.js';

const TEXTS = ['', 'x', 'a\0', '\ud800', '😀'.repeat(201), 'y'.repeat(70_000), '0', 'constructor', '__proto__'];
const TIMES = [
  '2026-01-31T09:30:00.000Z',
  '2026-01-31T09:30:00Z',
  '2026-02-30T09:30:00.000Z',
  '1999-12-31T23:59:59.999Z',
];
const WORDS = [
  'SUCCEEDED',
  'tool_error',
  'admin',
  'user',
  'TELEPORT',
  'read',
  'https://example.org/x',
  'ftp://example.org',
];
const NUMBERS = [0, -0, 1, -1, 0.5, 2 ** 53 - 1, 2 ** 53, NaN, Infinity];
const scalar = fc.constantFrom<unknown>(...TEXTS, ...TIMES, ...WORDS, ...NUMBERS, null, undefined, true, false);
const usage = fc.dictionary(
  fc.constantFrom('inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'cacheWrite1hTokens', 'model'),
  scalar,
);
const anything = fc.oneof(
  { weight: 6, arbitrary: scalar },
  usage,
  fc.array(fc.oneof(scalar, usage), { maxLength: 3 }),
  fc.record({ name: scalar, startedAt: scalar, completedAt: scalar }),
  fc.record({ path: scalar, operation: scalar, linesAdded: scalar }, { requiredKeys: [] }),
);

const SCHEMAS: [string, z.ZodType, Record<string, unknown>][] = [
  ['envelope', envelope, { specversion: '1.0', id: 'e', source: 's', type: 't', time: TIMES[0], runboardrank: '1' }],
  ...EVENT_TYPES.map((type): [string, z.ZodType, Record<string, unknown>] => [
    type,
    eventTypes[type].data,
    eventTypes[type].example,
  ]),
];

describe('quick', () => {
  it.each(SCHEMAS)('reads what %s allows, as the schema does', (_name, schema, example) => {
    const read = quick(schema)({ ...example, unknown: 1 });
    expect(read).not.toBe(REFUSED);
    expect(read).toEqual(schema.parse(example));
  });

  it.each(SCHEMAS)('never reads anything that %s refuses, nor reads it otherwise', (_name, schema, example) => {
    const members = Object.keys((schema as z.ZodObject).shape);
    const changes = fc.dictionary(fc.constantFrom(...members), anything, { minKeys: 1, maxKeys: 3 });
    fc.assert(
      fc.property(changes, (changed) => {
        const value = { ...example, ...changed };
        const [read, said] = [quick(schema)(value), schema.safeParse(value)];
        expect(said.success).toBe(read !== REFUSED);
        if (said.success) expect(read).toEqual(said.data);
      }),
      { numRuns: 60 },
    );
  });

  it('asks a schema of a kind that it does not know', () => {
    const read = quick(z.object({ at: z.coerce.number(), by: z.email(), of: z.string().trim() }));
    expect(read({ at: '7', by: 'a@example.org', of: ' x ' })).toEqual({ at: 7, by: 'a@example.org', of: 'x' });
    expect(read({ at: '7', by: 'nobody', of: 'x' })).toBe(REFUSED);
  });
});
