import type { Random } from '../support/random.js';

/** Texts that somewhere in the world broke something. */
export const TEXTS: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\u{FEFF}',
  '\u00a0',
  '\u202egnp.exe',
  '\ud800',
  '😀'.repeat(300),
  'x'.repeat(70_000),
  "'; drop table runs; --",
  "' or '1'='1",
  '$1',
  '$team',
  '${jndi:ldap://127.0.0.1/x}',
  '{{7*7}}',
  '%00',
  '%',
  '%_',
  '\\',
  '*',
  '../../../../etc/passwd',
  '..%2f..%2fmetrics',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  'true',
  '-1',
  '1e400',
  '9007199254740993',
  '0x7fffffff',
  '2099-01-01T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '1970-01-01',
  'Europe/Vienna',
  'Mars/Base',
  '(?=(a+)+$)',
  '<script>alert(1)</script>',
  '=HYPERLINK("http://127.0.0.1")',
  'a\r\nX-Injected: 1',
];

/** What stands where something else should. */
export const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  0.1,
  1e308,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  -(2 ** 63),
  8_640_000_000_000_001,
  [],
  {},
  [[[[[[[[[[]]]]]]]]]],
  Array(300).fill('a'),
  Array(20_000).fill(1),
  { length: 1e9 },
  { not: { not: [] } },
  { toString: 'x', valueOf: 1 },
  JSON.parse('{"__proto__": {"isAdmin": true}, "constructor": {"prototype": {}}}'),
];

/** Bodies that are no JSON, or more of it than anybody needs. */
export const BODIES: readonly string[] = [
  '',
  ' ',
  'null',
  '[]',
  '{}',
  '[[]]',
  '"x"',
  '{',
  '{"queries":',
  '[1,]',
  '\ufeff{}',
  '\0',
  '{"a":1e400}',
  `${'['.repeat(50_000)}`,
  `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  `[${'{},'.repeat(20_000)}{}]`,
  `{${Array.from({ length: 5_000 }, (_, index) => `"k${index}":1`).join(',')}}`,
  `{"specversion":"1.0","specversion":"2.0","id":"x","id":"y"}`,
  'x'.repeat(200_000),
];

/** Header values as bytes would come. */
export const HEADERS: Readonly<Record<string, readonly string[]>> = {
  'content-type': [
    'application/json; charset=utf-16',
    'application/json; charset=',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/cloudevents+json',
    'application/cloudevents-batch+json',
    'application/x-ndjson',
    'application/xml',
    ';;;',
    'a'.repeat(2_000),
  ],
  'content-encoding': ['gzip', 'br', 'identity, gzip', 'x'],
  accept: ['*/*;q=-1', 'application/json, text/event-stream', 'text/event-stream', ','],
  'accept-encoding': ['gzip;q=2', '*'],
  'x-request-id': ['rb_0123456789012345678901234567890123456789', '\xff', 'a'.repeat(500), '../x'],
  'x-forwarded-for': ['127.0.0.1', ', , ,', 'a'.repeat(1_000), '::ffff:999.1.1.1'],
  'x-forwarded-host': ['evil.example'],
  host: ['', 'evil.example', 'a b', '[::1', '127.0.0.1:99999'],
  range: ['bytes=0-0', 'bytes=99999999999-'],
  'if-none-match': ['*', '"x"'],
  expect: ['100-continue', 'x'],
  origin: ['null', 'http://evil.example'],
  'ce-specversion': ['1.0', '0', ''],
  'ce-id': ['%00', 'x'],
  'ce-source': ['%ff', 'x'],
  'ce-type': ['run.started', 'x'],
  'ce-time': ['x', '2099-01-01T00:00:00Z'],
  'webhook-request-origin': ['*', 'a\tb', 'evil.example'],
  'webhook-request-rate': ['-1', '*', '9'.repeat(50)],
  'x-runboard-datasource': ['"><script>', '../../x', 'x'.repeat(3_000)],
  'mcp-session-id': ['x', ''],
  'mcp-protocol-version': ['9999-99-99', ''],
};

export const METHODS: readonly string[] = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
];

/** Paths beside those that there are. */
export const PATHS: readonly string[] = [
  '/',
  '//',
  '/%00',
  '/%',
  '/%ff',
  '/..%2f..%2fetc/passwd',
  '/v1',
  '/v1/',
  '/V1/Query',
  '/v1/query/',
  '/v1//query',
  '/v1/./query',
  '/v1/../metrics',
  '/v1/export/.csv',
  '/v1/export/%2e%2e.csv',
  '/v1/export/runs.csv/',
  '/v1/dimensions//values',
  '/v1/dimensions/__proto__/values',
  '/docs/../package.json',
  '/docs/%2e%2e/%2e%2e/package.json',
  '/docs/swagger-ui.css',
  '/favicon.ico',
  '/.env',
  '/metrics?x=1',
  '*',
  `/${'a'.repeat(9_000)}`,
  `/v1/me?${'a=b&'.repeat(2_000)}`,
  '/v1/me?a[b][c][d]=1&a[]=2&__proto__[x]=1',
];

/** A copy in which one value, wherever it stands, is another; a member may also be missing or have another name. */
export function mutated(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.15)) return oneOf(random);
  if (Array.isArray(value)) {
    if (value.length === 0) return [oneOf(random)];
    const at = random.integer(0, value.length - 1);
    return value.map((item, index) => (index === at ? mutated(item, random) : item));
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return { [random.pick(TEXTS)]: oneOf(random) };
  const at = random.integer(0, entries.length - 1);
  const [name, inner] = entries[at]!;
  const other: [string, unknown][] = random.chance(0.1)
    ? []
    : [[random.chance(0.1) ? random.pick(TEXTS) : name, mutated(inner, random)]];
  return Object.fromEntries([...entries.slice(0, at), ...other, ...entries.slice(at + 1)]);
}

export function oneOf(random: Random): unknown {
  return random.chance(0.6) ? random.pick(TEXTS) : random.pick(VALUES);
}
