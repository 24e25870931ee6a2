import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { CopyReader } from '../../src/backup/copy-reader.js';
import { migrationNames } from '../../src/db/migrate.js';
import { dumpSchema } from '../../src/db/schema-dump.js';
import { tenantTables } from '../../src/db/tenant-tables.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { inProcess } from '../support/in-process.js';
import { numbersOf } from '../support/numbers.js';
import { randomEvents } from '../support/random-events.js';
import { testService, type TestService } from '../support/service.js';

const NOW = Date.parse('2026-06-30T00:00:00Z');
let service: TestService;
let folder: string;
let file: string;
let token: string;
const opened: TestDatabase[] = [];
const at = (url: () => string) => inProcess(NOW, url);
const runboard = at(() => service.url);

beforeAll(async () => {
  service = await testService();
  folder = await mkdtemp(join(tmpdir(), 'runboard-backup-'));
  file = join(folder, 'backup.sql.gz');
  token = await service.organization('vienna', { storeText: true, timezone: 'Europe/Vienna' });
  await service.request('/v1/events', { token, body: randomEvents(7, { count: 400 }).events });
  // what COPY must escape, and what looks like its end
  const text = 'a\tb\\.\n\\.\n\\N "quoted" ü😀\r\n';
  const data = { messageId: 'm', sessionId: 's', role: 'user', sentAt: '2026-01-01T00:00:00Z', text };
  const message = { specversion: '1.0', id: 'odd', source: 'test', type: 'message.created', data };
  await service.request('/v1/events', { token, body: [message, { id: 'rejected', text }] });
  await service.request('/v1/events', { token: service.token, body: randomEvents(8).events });
});
afterAll(async () => {
  for (const database of opened) await database.drop();
  await rm(folder, { recursive: true });
  await service.stop();
});

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await testDatabase({ empty: true });
  opened.push(database);
  return database;
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

async function asOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return work(client).finally(() => client.end());
}

/**
 * Every row of every table, but for the audit log and when tokens were last used: both go on meanwhile. Sums of rollups are
 * made anew.
 */
const rowsOf = (url: string): Promise<Record<string, string[]>> =>
  asOwner(url, async (client) => {
    const all: Record<string, string[]> = {};
    for (const table of (await tenantTables(client)).filter((name) => !/^(audit_log|rollup_.*)$/.test(name))) {
      const { rows } = await client.query<{ row: string }>(
        `select (to_jsonb(t) - 'last_used_at')::text as row from ${table} t order by 1`,
      );
      all[table] = rows.map(({ row }) => row);
    }
    return all;
  });

describe('runboard backup and restore', () => {
  it('restore into an empty database all rows, roles and borders, and the same numbers', async () => {
    const before = await rowsOf(service.url);
    const made = await runboard('backup', file, '--json');
    expect(made.message).toBe('');
    const said = JSON.parse(made.out);
    expect(said).toMatchObject({ migrations: await migrationNames(), tables: { organizations: 2, tokens: 2 } });
    expect(said.tables.events).toBe(before.events!.length);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['backup.sql.gz']);

    const target = await emptyDatabase();
    const restored = await at(() => target.url)('restore', file);
    expect(restored.message).toBe('');
    expect(restored.out).toMatch(/^restored .*: [\d,]+ rows of \d+ tables\n$/);
    expect(await rowsOf(target.url)).toEqual(before);
    expect(await asOwner(target.url, dumpSchema)).toBe(await asOwner(service.url, dumpSchema));

    const elsewhere = await testService({ on: target, organization: 'check' });
    opened.splice(opened.indexOf(target), 1);
    try {
      const expected = await numbersOf(service, token);
      expect(JSON.stringify(expected)).toMatch(/[1-9]/);
      expect(await numbersOf(elsewhere, token)).toEqual(expected);
      // the service's role is bound there too
      const owner = await elsewhere.database.query(
        `select rolsuper from pg_roles where rolname in (current_user, session_user) and rolsuper`,
      );
      expect(owner.rows).toEqual([]);
      const seen = await elsewhere.database.inOrganization('acme', (tx) =>
        tx.query('select distinct org_id from events'),
      );
      expect(seen.rows).toEqual([{ org_id: 'acme' }]);
      // and new rows are numbered behind those that came
      await elsewhere.request('/v1/events', { token, body: [{ id: 'rejected later' }] });
      const letters = await elsewhere.database.inOrganization('vienna', (tx) =>
        tx.query('select event_id from dead_letters order by dead_letter_id'),
      );
      expect(letters.rows.map(({ event_id }) => event_id)).toEqual(['rejected', 'rejected later']);
      const audit = JSON.parse((await at(() => target.url)('audit', '--org', 'vienna', '--json')).out);
      expect(audit.map(({ actor, action }: Record<string, string>) => `${actor} ${action}`)).toEqual([
        'tester@test restored',
        'tester@test backed up',
      ]);
    } finally {
      await elsewhere.stop();
    }
  });

  it('refuse a database that is not empty, and leave it alone', async () => {
    const before = await rowsOf(service.url);
    expect(await runboard('restore', file)).toMatchObject({
      code: 1,
      message: expect.stringMatching(
        /^the database is not empty \(\w+ has rows\): a backup is restored into an empty one$/,
      ),
    });
    expect(await rowsOf(service.url)).toEqual(before);
  });

  it('refuse what is no backup, or not whole, and restore nothing of it; then the whole one', async () => {
    const target = await emptyDatabase();
    const whole = await readFile(file);
    const sql = gunzipSync(whole).toString();
    const broken: [name: string, content: Buffer, message: RegExp][] = [
      ['cut', whole.subarray(0, whole.length >> 1), /truncated/],
      ['plain', Buffer.from('-- Runboard backup {}\n'), /cannot be read/],
      ['another', gzipSync('create table x (y int);\n'), /not written by/],
      ['ending', gzipSync(sql.slice(0, sql.lastIndexOf('-- end'))), /truncated/],
      ['short', gzipSync(sql.replace(/(copy runs .*\n).*\n/, '$1')), /runs has \d+ of \d+ rows/],
      ['hostile', gzipSync(sql.replace('copy runs (', 'drop table runs; copy runs (')), /damaged at table runs/],
      ['longer', gzipSync(`${sql}drop table runs;\n`), /damaged: there is data after its end/],
      ['checksum', flipped(whole, whole.length - 8), /cannot be read \(incorrect data check\)/],
      [
        'value',
        gzipSync(sql.replace(/(copy events .*\n.*\t)20\d\d-/, '$1her-')),
        /^the backup is damaged: PostgreSQL rejects a row of events \(22007\)$/,
      ],
      ['newer', gzipSync(sql.replace('"0001_initial"', '"9999_later"')), /another version/],
    ];
    for (const [name, content, message] of broken) {
      const path = join(folder, name);
      await writeFile(path, content);
      const { code, message: told } = await at(() => target.url)('restore', path);
      expect([name, code, told]).toEqual([name, 1, expect.stringMatching(message)]);
    }
    expect(await at(() => target.url)('restore', join(folder, 'none'))).toMatchObject({
      message: expect.stringMatching(/does not exist/),
    });
    expect((await at(() => target.url)('restore', file)).message).toBe('');
    expect((await rowsOf(target.url)).events).toEqual((await rowsOf(service.url)).events);
  });

  it('keep the last backup when a new one fails', async () => {
    const before = await readFile(file);
    const empty = await emptyDatabase();
    expect(await at(() => empty.url)('backup', file)).toMatchObject({
      code: 1,
      message: 'there is nothing to back up: the database is empty',
    });
    expect(await readFile(file)).toEqual(before);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect((await runboard('backup', join(folder, 'nowhere', 'x'))).message).toMatch(/nowhere.*ENOENT/);
  });
});

describe('CopyReader', () => {
  it('finds the end of rows wherever the chunks are cut', async () => {
    const rows = `a\n\\\\.\n${randomBytes(20).toString('hex')}\n\n`;
    const bytes = Buffer.from(`first\n${rows}\\.\nsecond\n\\.\nlast\n`);
    for (let size = 1; size <= bytes.length; size += 1) {
      const chunks = (async function* () {
        for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
      })();
      const reader = new CopyReader(chunks);
      const readRows = async () => {
        let text = '';
        for await (const chunk of reader.rows()) text += chunk.toString();
        return text;
      };
      expect([
        await reader.line(),
        await readRows(),
        await reader.line(),
        await readRows(),
        await reader.line(),
      ]).toEqual(['first', rows, 'second', '', 'last']);
      await expect(reader.line()).rejects.toThrow('truncated');
    }
  });
});
