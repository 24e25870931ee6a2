import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isoOf } from '../src/iso.js';

test('is what Date says, whichever day came before', () => {
  const ms = fc.oneof(
    fc.integer({ min: -1e12, max: 5e12 }),
    fc.constantFrom(0, -1, 86_399_999, 86_400_000, 253_402_300_800_000),
  );
  fc.assert(
    fc.property(fc.array(ms), (all) => {
      expect(all.map(isoOf)).toEqual(all.map((one) => new Date(one).toISOString()));
    }),
  );
});
