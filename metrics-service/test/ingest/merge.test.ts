import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { union } from '../../src/entities/field-sets.js';
import { run } from '../../src/entities/run.js';
import { emptyRow, isDeleted, mergeStatement, type EntityRow } from '../../src/ingest/merge.js';
import { compareStamps, type Stamp } from '../../src/ingest/stamps.js';
import { compareUtf8 } from '../../src/text-order.js';
import type { EntityStatement } from '../../src/ingest/statements.js';

type Said = Record<string, Record<string, string | null>>;

/** Fields by name, each with its columns. */
const statement = (said: Said): EntityStatement => ({
  kind: 'run',
  entityId: 'r',
  fields: Object.keys(said).reduce((all, field) => union(all, run.fieldSets[field]!), 0),
  values: Object.assign({}, ...Object.values(said)) as EntityStatement['values'],
});

const fold = (said: [EntityStatement, Stamp][]): EntityRow => {
  const row = emptyRow('run', 'r');
  for (const [what, stamp] of said) mergeStatement(row, what, stamp);
  return row;
};

describe('merging', () => {
  it('gives each field to the greatest (rank, time, id, source)', () => {
    const row = fold([
      [statement({ task_type: { task_type: 'late' } }), [1, 2, 'a', 'a']],
      [statement({ task_type: { task_type: 'early' }, agent: { agent: 'x' } }), [1, 1, 'z', 'z']],
      [statement({ agent: { agent: 'tie, greater id' } }), [1, 1, 'zz', 'a']],
      [statement({ agent: { agent: 'tie, smaller source' } }), [1, 1, 'zz', 'Z']],
      [statement({ agent: { agent: 'less rank' }, deleted: {} }), [0, 9, 'zz', 'z']],
    ]);
    // by time, the one of rank 0 with a fifth member
    expect(row.stamps.map(([timeMs, , , , rank]) => [timeMs, rank])).toEqual([
      [1, undefined],
      [2, undefined],
      [9, 0],
    ]);
    expect(isDeleted('run', row.stamps)).toBe(false);
    // one that won nothing stays while it is the latest
    mergeStatement(row, statement({ agent: { agent: 'lost' } }), [0, 20, 'a', 'a']);
    expect(row.stamps.at(-1)).toEqual([20, 'a', 'a', 0, 0]);
    mergeStatement(row, statement({ agent: { agent: 'lost' } }), [0, 10, 'a', 'a']);
    mergeStatement(row, statement({ agent: { agent: 'lost, later' } }), [0, 30, 'a', 'a']);
    expect(row.stamps.map(([timeMs]) => timeMs)).toEqual([1, 2, 9, 30]);
    expect(row.values.agent).toBe('tie, greater id');
    expect(row.values).toMatchObject({ task_type: 'late', agent: 'tie, greater id' });
  });

  it('lets a cleared field stay cleared against an older value', () => {
    const row = fold([
      [statement({ task_type: { task_type: null } }), [1, 2, 'a', 'a']],
      [statement({ task_type: { task_type: 'older' } }), [1, 1, 'b', 'b']],
    ]);
    expect(row.values.task_type).toBeNull();
  });

  it('shows a deleted run again when a later event speaks of it', () => {
    const deletion: [EntityStatement, Stamp] = [statement({ deleted: {} }), [1, 5, 'd', 's']];
    expect(isDeleted('run', fold([deletion]).stamps)).toBe(true);
    const before: [EntityStatement, Stamp] = [statement({ agent: { agent: 'a' } }), [1, 5, 'c', 's']];
    const after: [EntityStatement, Stamp] = [statement({ agent: { agent: 'a' } }), [1, 5, 'e', 's']];
    expect(isDeleted('run', fold([before, deletion]).stamps)).toBe(true);
    expect(isDeleted('run', fold([after, deletion, before]).stamps)).toBe(false);
  });

  it('is a function of the set of statements', () => {
    const value = fc.constantFrom('a', 'b', null);
    const said = fc.tuple(
      fc.record(
        {
          task_type: fc.record({ task_type: value }),
          agent: fc.record({ agent: value }),
          outcome: fc.record({ status: fc.constantFrom('FAILED', 'SUCCEEDED'), error_summary: value }),
          deleted: fc.constant({}),
        },
        { requiredKeys: [] },
      ),
      fc.tuple(
        fc.constantFrom(0 as const, 1 as const),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom('a', 'b'),
        fc.constantFrom('s', 't'),
      ),
    );
    fc.assert(
      fc.property(
        // one statement per identity, as in the log
        fc.uniqueArray(said, { selector: ([, [rank, , id, source]]) => `${rank} ${id} ${source}`, maxLength: 6 }),
        fc.infiniteStream(fc.nat()),
        (list, random) => {
          const all = list.map(([fields, stamp]): [EntityStatement, Stamp] => [statement(fields), stamp]);
          const shuffled = all
            .flatMap((one) => [one, one])
            .map((one) => ({ one, key: random.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one);
          expect(fold(shuffled)).toEqual(fold(all));
        },
      ),
    );
  });
});

describe('compareUtf8', () => {
  it('orders as the UTF-8 bytes do', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
    expect(compareUtf8('\uFFFF', '😀')).toBeLessThan(0);
    expect(compareStamps([1, 1, 'a', 'b'], [1, 1, 'a', 'a'])).toBeGreaterThan(0);
  });
});
