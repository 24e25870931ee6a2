import { stripVTControlCharacters } from 'node:util';
import { expect, it } from '@jest/globals';
import { inProcess } from '../support/in-process.js';

const runboard = inProcess(0, () => 'postgres://nowhere');

it('runboard metrics lists what can be asked for, without a database', async () => {
  const { out } = await runboard('metrics');
  expect(out).toMatch(/^Adoption\n {2}active_agents +[^\n]*\n {2}active_sessions +sessions +/);
  expect(out).toMatch(/\n {2}total_cost +USD +Sum of the known costs/);
  expect(out).toMatch(/\n {2}local_handoff +filter only +/);
  expect(stripVTControlCharacters(out)).toBe(out);
  expect((await runboard('query', '--list')).out).toBe(out);
  const { metrics, dimensions } = JSON.parse((await runboard('metrics', '--json')).out);
  expect(metrics.find(({ id }: { id: string }) => id === 'total_cost')).toMatchObject({
    unit: 'USD',
    better: 'lower',
  });
  expect(dimensions.map(({ name }: { name: string }) => name)).toContain('repo');
});
