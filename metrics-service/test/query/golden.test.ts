import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { METRICS } from '../../src/catalogue/index.js';
import { BUDGETS, startWorld, WORLD, type World } from './world.js';

/** A query over the world's week, and the frame that it must answer: values worked out by hand (see world.ts). */
interface Case {
  query: { view: string; metrics: string[]; groupBy?: string[] };
  /** the columns, by name */
  answer: Record<string, unknown[]>;
}

const NUMBER = { frame: 'float64', nullable: true };
const TEXT = { frame: 'string', nullable: true };

const FOLDER = new URL('./fixtures/', import.meta.url);

let world: World;
beforeAll(async () => {
  world = await startWorld([...WORLD, ...BUDGETS]);
});
afterAll(() => world.stop());

describe('every metric answers what its fixture says', () => {
  it('has a fixture per metric, and no other', async () => {
    const files = (await readdir(FOLDER)).map((file) => file.replace(/\.json$/, ''));
    expect(files.sort()).toEqual(METRICS.map(({ id }) => id).sort());
  });

  it.each(METRICS)('$id', async ({ id, title, definition }) => {
    const cases = JSON.parse(await readFile(new URL(`${id}.json`, FOLDER), 'utf8')) as Case[];
    expect(cases.length).toBeGreaterThan(0);
    for (const { query, answer } of cases) {
      expect(query.metrics).toContain(id);
      const { frames, error } = await world.ask(query);
      expect(error).toBeUndefined();
      expect(frames).toHaveLength(1);
      const { schema, data } = frames[0]!;
      const columns = schema.fields.map(({ name }, index) => [name, rounded(data.values[index]!)]);
      expect(columns).toEqual(Object.entries(answer).map(([name, values]) => [name, rounded(values)]));
      const [{ config }] = schema.fields.filter(({ name }) => name === id);
      expect(config).toMatchObject({ displayNameFromDS: title, description: definition });
      const types = schema.fields.map(({ name, typeInfo }) => [name, typeInfo]);
      expect(types).toEqual(Object.keys(answer).map((name) => [name, query.metrics.includes(name) ? NUMBER : TEXT]));
    }
  });
});

/** To 14 digits: what PostgreSQL's own percentile rounds away. */
function rounded(values: readonly unknown[]): unknown[] {
  return values.map((value) => (typeof value === 'number' ? Number(value.toPrecision(14)) : value));
}
