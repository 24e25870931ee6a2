import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { viewed, type Viewed } from '../access/world-of-viewers.js';
import { rowsOf, startWorld, WINDOW, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const BY_TEAM = { view: 'table', metrics: ['runs'], groupBy: ['team'], values: 'model' };
const AT = Date.UTC(2026, 2, 3);

/** A run of the model; a minute after the one before. */
const run = (model: string, index: number) => ({
  ...{ specversion: '1.0', source: 'models', id: `${index}`, type: 'run.started' },
  data: {
    runId: `r${index}`,
    sessionId: 's',
    startedAt: new Date(AT + index * 60_000).toISOString(),
    model,
    agent: 'a',
  },
});

describe('values of another dimension in each row of a table', () => {
  it('are named, those of most runs first, then by name; none where no run has one', async () => {
    // r1 and r2 of core wrote with these, r5 with nothing yet; of apps' r3 and r4 only the latter
    expect(rowsOf(await world.ask(BY_TEAM))).toEqual([
      { team: 'core', runs: 3, model_values: 'claude-sonnet-4-5, gpt-5' },
      { team: 'apps', runs: 2, model_values: 'claude-sonnet-4-5' },
    ]);
    const inFlight = await world.ask({ ...BY_TEAM, filters: { status: ['IN_FLIGHT'] } });
    expect(rowsOf(inFlight)).toEqual([{ team: 'core', runs: 1, model_values: null }]);
    expect(inFlight.frames[0]!.schema.fields.at(-1)).toMatchObject({
      ...{ name: 'model_values', type: 'string', config: { displayNameFromDS: 'Model (values)' } },
    });
  });

  it('are people by their names', async () => {
    const byAgent = await world.ask({
      ...BY_TEAM,
      groupBy: ['agent'],
      values: 'user',
      filters: { agent: ['reviewer'] },
    });
    expect(rowsOf(byAgent)).toEqual([{ agent: 'reviewer', runs: 2, user_values: 'Ann, bob@example.org' }]);
  });

  it('are five at most, and how many more', async () => {
    const models = ['c', 'c', 'c', 'g', 'g', 'a', 'b', 'd', 'e', 'f'];
    const many = await viewed(world, 'models', {}, models.map(run));
    const query = { view: 'table', metrics: ['runs'], groupBy: ['agent'], values: 'model' };
    expect(await many.rows(null, query)).toEqual([{ agent: 'a', runs: 10, model_values: 'c, g, a, b, d and 2 more' }]);
  });

  it('need one grouping by something else, and a viewer who may see more than numbers of many', async () => {
    const refused = async (more: object) => (await world.ask({ ...BY_TEAM, ...more })).error;
    expect(await refused({ groupBy: [] })).toMatch(/^values: names the values of another dimension .+ one grouping$/);
    expect(await refused({ groupBy: ['team', 'repo'] })).toMatch(/^values: /);
    expect(await refused({ values: 'team' })).toMatch(/^values: /);
    expect(await refused({ values: 'modle' })).toMatch(/^unknown dimension "modle"/);
    expect(await refused({ values: 'severity' })).toMatch(/severity/);
    const open: Viewed = await viewed(world, 'open', { publicVisibility: 'totals' });
    const { body } = await open.request('/v1/query', { kind: 'public' }, { ...WINDOW, queries: [BY_TEAM] });
    expect(JSON.stringify(body)).toMatch(/numbers of many only/);
    expect(JSON.stringify(body)).not.toMatch(/sonnet/);
  });
});
