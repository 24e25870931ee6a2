import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVENT_TYPES } from '../../src/contract/events.js';
import { entities, type EntityName } from '../../src/entities/index.js';
import { dataSchema, known, members, sample, type JsonSchema } from '../support/json-schema.js';
import { testService, type Answer, type TestService } from '../support/service.js';

let service: TestService;
let token: string;
beforeAll(async () => {
  service = await testService();
  token = await service.organization('hostile', { storeText: true, storePaths: true });
});
afterAll(() => service.stop());

const HOSTILE = [
  `'; drop table runs; --`,
  `' or '1'='1`,
  `\\'; select pg_sleep(10); --`,
  `$1 $$ %s %I {0} \${x}`,
  `{"a":[1,null]}`,
  `{,"}\\{NULL}`,
  'NULL',
  '__proto__',
  'constructor',
  'toString',
  '(none)',
  '../../etc/passwd',
  '<img src=x onerror=alert(1)>',
  '=cmd|calc!A1',
  '\u202eabc\u202c مرحبا',
  '👩‍👩‍👧‍👦🇦🇹',
  'é\u0301\u200b\ufeff',
  ' \t\r\n\u0001\u007f\u0085\u2028',
  '\ufffe\uffff',
  '😀'.repeat(200),
  // not for names
  'x'.repeat(201),
  'with \0 NUL',
  'half \ud800 pair',
  '\udc00',
];
const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
const isName = (text: string): boolean => isStorable(text) && [...text].length <= 200;
const isSource = (text: string): boolean => isStorable(text) && Buffer.byteLength(text) <= 1800;
const asText = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');

type Kind = 'name' | 'key' | 'path' | 'text' | 'closed';
interface TypeCase {
  table: string;
  /** the member that names the entity */
  id: string;
  /** a valid event's data but its id */
  data: Record<string, unknown>;
  /** what each member is; one of a list is reached by its path */
  fields: Record<string, Kind>;
}

const at = '2026-01-31T09:00:00Z';

/** By what the schema lets in: everything else must be refused. */
function kindOf(schema: JsonSchema): Kind {
  const { type, enum: values, format, maxLength } = known(schema);
  if (type !== 'string' || values || format) return 'closed';
  if (maxLength === 500) return 'key';
  if (maxLength === 1_000) return 'path';
  return maxLength === 200 ? 'name' : maxLength === 64 * 1024 ? 'text' : 'closed';
}

const TYPES: Record<string, TypeCase> = Object.fromEntries(
  EVENT_TYPES.map((type) => {
    const { table, id } = entities[type.split('.')[0] as EntityName];
    const schema = dataSchema(type);
    const fields = members(schema).map(([path, member]) => [path, kindOf(member)]);
    return [type, { table, id, data: sample(schema) as TypeCase['data'], fields: Object.fromEntries(fields) }];
  }),
);

/** A copy of the data with the member at the path set. */
function withMember(data: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const copy = structuredClone(data);
  const names = path.split('.');
  const last = names.pop()!;
  let holder: any = copy;
  for (const name of names) holder = holder[name];
  holder[last] = value;
  return copy;
}
const memberAt = (data: any, path: string): unknown => path.split('.').reduce((value, name) => value?.[name], data);

let made = 0;
function eventOf(type: string, path: string, value: string): Record<string, unknown> {
  const { id, data } = TYPES[type]!;
  made += 1;
  const whole = withMember({ ...data, [id]: `e-${made}` }, path, value);
  return { specversion: '1.0', id: `event-${made}`, source: '/hostile', type, time: at, data: whole };
}

const send = (body: unknown): Promise<Answer> => service.request('/v1/events', { body, token });

async function stored(event: Record<string, unknown>): Promise<{ logged: unknown; row: string[] } | null> {
  const { table, id } = TYPES[event.type as string]!;
  const column = id.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const { rows } = await service.database.inOrganization('hostile', (tx) =>
    tx.query<{ data: unknown; row: object | null }>(
      `
      select data, (select to_jsonb(kept) from ${table} as kept where ${column} = $2) as row
      from events
      where id = $1`,
      [event.id, asText(String((event.data as Record<string, unknown>)[id]))],
    ),
  );
  return rows[0] ? { logged: rows[0].data, row: textsIn(rows[0].row) } : null;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const CASES = Object.entries(TYPES).flatMap(([type, { fields }]) =>
  Object.entries(fields).map(([path, kind]) => [type, path, kind] as const),
);

it('is tried with every event type, and every kind of member', () => {
  expect(Object.keys(TYPES).sort()).toEqual([...EVENT_TYPES].sort());
  const tried = CASES.map(([type, path, kind]) => `${type} ${path}: ${kind}`);
  expect(tried).toEqual(
    expect.arrayContaining([
      'run.started agent: name',
      'message.created text: text',
      'tool_call.recorded files.0.path: path',
      'run.completed status: closed',
      'run.completed phases.0.name: name',
      'run.progressed usage.0.inputTokens: closed',
      'run.completed artifacts: closed',
      'llm_call.recorded costUsd: closed',
    ]),
  );
});

describe('a hostile text', () => {
  it.each(CASES)('%s: %s (%s) keeps it as it is or refuses it by name', async (type, path, kind) => {
    const events = HOSTILE.map((text) => eventOf(type, path, text));
    const { status, body } = await send(events);
    expect([200, 207, 422]).toContain(status);
    const isTaken: Record<Kind, (text: string) => boolean> = {
      ...{ text: () => true, name: isName, key: isStorable, closed: () => false },
      path: (text) => [...text].length <= 1_000,
    };
    const wanted = HOSTILE.filter(isTaken[kind]);
    expect(body).toMatchObject({ accepted: wanted.length, duplicates: 0 });
    const faults = (body.rejected as { index: number; path: string }[]).map((fault) => [fault.index, fault.path]);
    const refused = HOSTILE.flatMap((text, index) => (wanted.includes(text) ? [] : [[index, `data.${path}`]]));
    expect(faults).toEqual(refused);
    const found = await Promise.all(wanted.map((text) => stored(events[HOSTILE.indexOf(text)]!)));
    wanted.forEach((text, index) => {
      expect(memberAt(found[index]?.logged, path)).toBe(asText(text));
      expect(found[index]?.row).toContain(asText(text));
    });
  });

  it.each(['id', 'source', 'type', 'time', 'specversion', 'datacontenttype'])('in the attribute %s', async (name) => {
    const events = HOSTILE.map((text) => ({ ...eventOf('run.deleted', 'runId', 'r'), [name]: text }));
    const { status, body } = await send(events);
    const wanted = name === 'id' ? HOSTILE.filter(isName) : name === 'source' ? HOSTILE.filter(isSource) : [];
    expect([207, 422]).toContain(status);
    expect(body.accepted).toBe(wanted.length);
    const paths = new Set((body.rejected as { path: string }[]).map((fault) => fault.path));
    expect(paths).toEqual(new Set([name]));
  });

  it('as the name or value of an unknown member is kept in the log', async () => {
    for (const text of HOSTILE) {
      const event = eventOf('run.deleted', 'runId', 'r');
      const extra = `{${JSON.stringify(text)}:${JSON.stringify([text, { [`k${text}`]: text }])}}`;
      const raw = JSON.stringify(event)
        .replace('"data":{', () => `"data":{"extra":${extra},${JSON.stringify(text)}:1,`)
        .replace('"specversion"', () => `${JSON.stringify(`x${text}`)}:${JSON.stringify(text)},"specversion"`);
      const { status, body } = await send(raw);
      expect({ status, body }).toEqual({ status: 200, body: { accepted: 1, duplicates: 0, rejected: [] } });
      const { rows } = await service.database.inOrganization('hostile', (tx) =>
        tx.query<{ data: string; attributes: string }>(
          'select data::text, attributes::text from events where id = $1',
          [event.id],
        ),
      );
      const logged = JSON.parse(rows[0]!.data) as { extra: object };
      expect(Object.entries(logged.extra)).toEqual([
        [asText(text), [asText(text), { [asText(`k${text}`)]: asText(text) }]],
      ]);
      expect(Object.entries(JSON.parse(rows[0]!.attributes) as object)).toEqual([[asText(`x${text}`), asText(text)]]);
      // and sent again it is a copy
      expect((await send(raw)).body).toMatchObject({ accepted: 0, duplicates: 1 });
    }
  });

  it('anywhere in a rejected event is kept in the dead letter', async () => {
    for (const text of HOSTILE) {
      const { status } = await send({ id: text, source: text, type: text, data: { [text]: [text] }, [text]: { text } });
      expect(status).toBe(422);
    }
    const values = [text64(), 1e400, -0, 2 ** 53, [], [[]], {}, true, null];
    for (const value of values) expect((await send([value])).status).toBe(422);
  });

  it('left the service well', async () => {
    expect((await service.request('/ready')).status).toBe(200);
    expect((await send(eventOf('run.deleted', 'runId', 'the last one'))).body).toMatchObject({ accepted: 1 });
  });
});

/** Larger than any text may be. */
function text64(): string {
  return '\0'.repeat(100_000);
}
