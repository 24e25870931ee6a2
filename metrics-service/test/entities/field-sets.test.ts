import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { entity } from '../../src/entities/entity.js';
import { fieldSet, intersect, union, without } from '../../src/entities/field-sets.js';

const LARGEST = 2 ** 53 - 1;

describe('sets of fields', () => {
  it('are what bit operators make of integers of any size', () => {
    const set = fc.oneof(fc.integer({ min: 0, max: LARGEST }), fc.constantFrom(0, 1, 2 ** 31, 2 ** 32, LARGEST));
    fc.assert(
      fc.property(set, set, (a, b) => {
        expect(intersect(a, b)).toBe((BigInt(a) & BigInt(b)) !== 0n);
        expect(union(a, b)).toBe(Number(BigInt(a) | BigInt(b)));
        expect(without(a, b)).toBe(Number(BigInt(a) & ~BigInt(b)));
      }),
    );
  });

  it('of one field hold it exactly, up to the last that a double holds', () => {
    expect([0, 1, 31, 32, 52].map(fieldSet)).toEqual([1, 2, 2_147_483_648, 4_294_967_296, 4_503_599_627_370_496]);
    for (const number of [-1, 53, 1.5, NaN]) expect(() => fieldSet(number)).toThrow('stamps hold 0 to 52');
  });
});

describe('an entity', () => {
  it('is refused where two fields have one number, or one has none that can be stored', () => {
    const made = (numbers: [number, number]) => () =>
      entity('session', {
        table: 'sessions',
        id: 'sessionId',
        plural: 'sessions',
        fields: {
          created_by_user_id: [numbers[0], 'text'],
          texts: [numbers[1], { title: 'text', branch: 'text', url: 'text' }],
        },
        derived: {},
        moments: [],
        belongsTo: [],
        events: {
          created: { created_by_user_id: 'createdByUserId', texts: { title: 'title', branch: 'branch', url: 'url' } },
          seen: { created_by_user_id: 'userId', texts: { title: () => null, branch: 'branch', url: () => null } },
          ended: {},
          settled: {},
          linked: {},
          deleted: {},
        },
      });
    expect(made([4, 4])).toThrow('session: texts has the number 4 of another field');
    expect(made([4, 53])).toThrow('53 is no field number');
    expect(made([4, 52])).not.toThrow();
  });
});
