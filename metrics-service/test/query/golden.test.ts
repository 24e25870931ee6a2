import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { METRICS } from '../../src/catalogue/index.js';
import { startWorld, type World } from './world.js';

/** A query over the world's week, and the frame that it must answer: values worked out by hand (see world.ts). */
interface Case {
  query: { view: string; metrics: string[]; groupBy?: string[] };
  fields: unknown[];
  values: unknown[][];
}

const FOLDER = new URL('./fixtures/', import.meta.url);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

describe('every metric answers what its fixture says', () => {
  it('has a fixture per metric, and no other', async () => {
    const files = (await readdir(FOLDER)).map((file) => file.replace(/\.json$/, ''));
    expect(files.sort()).toEqual(METRICS.map(({ id }) => id).sort());
  });

  it.each(METRICS.map(({ id }) => id))('%s', async (id) => {
    const cases = JSON.parse(await readFile(new URL(`${id}.json`, FOLDER), 'utf8')) as Case[];
    expect(cases.length).toBeGreaterThan(0);
    for (const { query, fields, values } of cases) {
      expect(query.metrics).toContain(id);
      const { frames, error } = await world.ask(query);
      expect(error).toBeUndefined();
      expect(frames).toHaveLength(1);
      expect(frames[0]!.schema.fields).toEqual(fields);
      expect(rounded(frames[0]!.data.values)).toEqual(rounded(values));
    }
  });
});

/** To 14 digits: what PostgreSQL's own percentile rounds away. */
function rounded(values: unknown[][]): unknown[][] {
  return values.map((column) =>
    column.map((value) => (typeof value === 'number' ? Number(value.toPrecision(14)) : value)),
  );
}
