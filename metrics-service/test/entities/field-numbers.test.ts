import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import {
  declaredNumbers,
  fieldNumbersText,
  withNewFields,
  type FieldNumbers,
} from '../../src/entities/field-numbers.js';

const FILE = new URL('../../field-numbers.json', import.meta.url);

describe('the numbers of fields', () => {
  it('are those that stored rows have, and all of them are listed (npm run fields adds new ones)', async () => {
    const listed = await readFile(FILE, 'utf8');
    const text = fieldNumbersText(withNewFields(JSON.parse(listed) as FieldNumbers, declaredNumbers()));
    if (process.env.npm_lifecycle_event === 'fields') await writeFile(FILE, text);
    else expect(text).toBe(listed);
  });

  it('are never changed, nor given to another field, also of one that is gone', () => {
    const before = { thing: { a: 0, gone: 7 } };
    expect(() => withNewFields(before, { thing: { a: 1 } })).toThrow('thing.a has the number 0 in stored rows');
    expect(() => withNewFields(before, { thing: { a: 0, b: 7 } })).toThrow('thing.b has the number 7, which stored');
    expect(withNewFields(before, { thing: { b: 3, a: 0 }, other: { a: 0 } })).toEqual({
      thing: { a: 0, b: 3, gone: 7 },
      other: { a: 0 },
    });
  });
});
