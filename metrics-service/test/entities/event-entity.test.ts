import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVENT_TYPES, eventTypes } from '../../src/contract/events.js';
import { ENTITIES, entities, type EntityName } from '../../src/entities/index.js';
import { asOwner } from '../support/oldest-schema.js';
import { testService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

async function eventEntity(type: string, data: object): Promise<string | null> {
  const { rows } = await service.database.query<{ found: string | null }>(`select event_entity($1, $2) as found`, [
    type,
    JSON.stringify(data),
  ]);
  return rows[0]!.found;
}

describe('event_entity', () => {
  it('finds what every type of event is about by the member that its entity declares', async () => {
    for (const type of EVENT_TYPES) {
      const name = type.split('.')[0] as EntityName;
      const { id } = entities[name];
      const others = Object.keys(eventTypes[type].data.shape).map((member) => [member, `another ${member}`]);
      const data = { ...Object.fromEntries(others), [id]: 'one' };
      expect([type, await eventEntity(type, data)]).toEqual([type, `${name}:one`]);
    }
  });

  it('follows the rule for names of several words, and knows all that do not', async () => {
    expect(await eventEntity('work_item.closed', { workItemId: 'w', itemId: 'i' })).toBe('work_item:w');
    expect(await eventEntity('a_longer_name.made', { aLongerNameId: 'n' })).toBe('a_longer_name:n');
    expect(await eventEntity('thing.made', { thingID: 'n' })).toBeNull();
    const camelCase = (name: string) => name.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
    const exceptions = ENTITIES.filter(({ name, id }) => id !== `${camelCase(name)}Id`).map(({ name }) => name);
    expect(exceptions).toEqual(['llm_call']);
  });

  it('says the same in the index, which is used', async () => {
    await service.accept(service.token, [
      {
        ...{ specversion: '1.0', source: 'test', id: 'e', type: 'run.deleted', time: '2026-01-01T00:00:00Z' },
        data: { runId: 'r' },
      },
    ]);
    const about = `from events where org_id = 'acme' and event_entity(type, data) = 'run:r'`;
    // as the owner: row-level security keeps conditions that might leak out of indexes
    const { rows } = await asOwner(service.url, async (owner) => {
      await owner.query('set enable_seqscan to off');
      const plan = await owner.query<{ 'QUERY PLAN': string }>(`explain select id ${about}`);
      const lines = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(lines).toMatch(/using events_entity on events[^]*Index Cond: .* AND .*split_part/);
      return owner.query(`select id ${about}`);
    });
    expect(rows).toEqual([{ id: 'e' }]);
  });
});
