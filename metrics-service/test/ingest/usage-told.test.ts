import { expect, it } from '@jest/globals';
import { run } from '../../src/entities/run.js';
import { emptyRow, mergeStatement } from '../../src/ingest/merge.js';
import type { EntityStatement, Value } from '../../src/ingest/statements.js';
import type { Stamp } from '../../src/ingest/stamps.js';
import { toldOf, type Told } from '../../src/ingest/usage-told.js';
import { Random } from '../support/random.js';

const MINUTE = 60_000;
type Said = { at: number; stamp: Stamp };

function statement({ at, stamp }: Said): EntityStatement {
  const usage = [{ told: stamp[2] }];
  const { progress_usage: ofUsage, usage_told: ofHistory } = run.fieldSets as Record<string, number>;
  const values: Record<string, Value> = { progress_usage: usage, usage_told: { until: at, told: [{ at, usage }] } };
  return { kind: 'run', entityId: 'r', fields: ofUsage! + ofHistory!, values };
}

function after(said: readonly Said[]) {
  const row = emptyRow('run', 'r');
  for (const one of said) mergeStatement(row, statement(one), one.stamp);
  return row;
}

/** Which word counts at a moment, of all that was said. */
function countsAt(said: readonly Said[], moment: number): string | undefined {
  const then = said.filter(({ at }) => at <= moment);
  return then.toSorted((a, b) => a.stamp[1] - b.stamp[1] || (a.stamp[2] < b.stamp[2] ? -1 : 1)).at(-1)?.stamp[2];
}

it('the usage that was told says what counts at any moment lately, in whatever order it comes, also twice', () => {
  let several = 0;
  for (let seed = 1; seed <= 300; seed++) {
    const random = new Random(seed);
    const said = Array.from({ length: random.integer(1, 12) }, (_, number): Said => {
      const at = random.integer(0, 40) * MINUTE;
      const time = random.chance(0.7) ? at : random.integer(0, 40) * MINUTE;
      return { at, stamp: [1, time, `e${number}`, 's'] };
    });
    const row = after(said);
    expect(after(random.shuffled([...said, ...said])).values).toEqual(row.values);
    const told = toldOf(row) as readonly Told[];
    const until = Math.max(...said.map(({ at }) => at));
    for (let moment = until - 11 * MINUTE; moment <= until; moment += MINUTE) {
      const last = told.findLast(({ at }) => at <= moment);
      expect(last?.usage).toEqual(countsAt(said, moment) && [{ told: countsAt(said, moment) }]);
    }
    if (told.length > 2) several += 1;
  }
  expect(several).toBeGreaterThan(50);
});

it('is not known where there was more than is kept, or a version before noted none of it', () => {
  const many = Array.from({ length: 201 }, (_, number): Said => {
    return { at: number, stamp: [1, number, `e${number}`, 's'] };
  });
  expect(toldOf(after(many.slice(1)))).toHaveLength(200);
  expect(toldOf(after(many))).toBe('unknown');
  const row = after(many.slice(0, 1));
  row.values.usage_told = null;
  expect(toldOf(row)).toBe('unknown');
  mergeStatement(row, statement(many[1]!), many[1]!.stamp);
  expect(toldOf(row)).toBe('unknown');
  expect(toldOf(emptyRow('run', 'r'))).toBeNull();
});
