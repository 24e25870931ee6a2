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

  it('is a column of the log, by which the service finds an entity’s events within an index', async () => {
    const moment = { specversion: '1.0', source: 'test', type: 'run.deleted', time: '2026-01-01T00:00:00Z' };
    const events = Array.from({ length: 2_000 }, (_, index) => ({
      ...moment,
      ...{ id: `e${index}`, data: { runId: `r${index}` } },
    }));
    await service.accept(service.token, events);
    await asOwner(service.url, (owner) => owner.query('analyze events'));
    const asked: [string, unknown[]] = [
      'select id from events where org_id = $1 and entity = any($2::text[]) order by id',
      ['acme', ['run:r7', 'run:r8', 'run:none']],
    ];
    await service.database.inOrganization('acme', async (tx) => {
      const { rows: lines } = await tx.query<{ 'QUERY PLAN': string }>(`explain ${asked[0]}`, asked[1]);
      const plan = lines.map((line) => line['QUERY PLAN']).join('\n');
      expect(plan).toMatch(/events_entity[^]*Index Cond: .*org_id = .* AND \(entity = ANY/);
      expect((await tx.query(...asked)).rows).toEqual([{ id: 'e7' }, { id: 'e8' }]);
    });
  });
});
