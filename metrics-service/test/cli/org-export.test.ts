import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inProcess } from '../support/in-process.js';
import { numbersOf } from '../support/numbers.js';
import { randomEvents } from '../support/random-events.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';

const NOW = Date.parse('2026-06-30T00:00:00Z');
let here: TestService;
let elsewhere: TestService;
let folder: string;
const runboard = inProcess(NOW, () => here.url);
const runboardElsewhere = inProcess(NOW, () => elsewhere.url);

beforeAll(async () => {
  [here, elsewhere] = await Promise.all([testService(), testService()]);
  folder = await mkdtemp(join(tmpdir(), 'runboard-export-'));
});
afterAll(async () => {
  process.exitCode = undefined;
  await rm(folder, { recursive: true });
  await Promise.all([here.stop(), elsewhere.stop()]);
});

async function importElsewhere(events: string, orgId: string, token: string) {
  const file = join(folder, `${orgId}.ndjson`);
  await writeFile(file, events);
  return runboardElsewhere('import', 'events', file, '--url', elsewhere.address, '--token', token, '--json');
}

describe('runboard org export', () => {
  it('writes events that make the same tables and numbers elsewhere', async () => {
    const name = "Ann's & Co.";
    const settings = { name, timezone: 'Europe/Vienna', postHandoffMs: 3_600_000, storeText: true };
    const token = await here.organization('vienna', settings);
    for (const seed of [1, 2, 3]) {
      const events = randomEvents(seed, { count: 300 }).events.map((event) => ({
        ...event,
        source: `${event.source}${seed}`,
      }));
      await here.request('/v1/events', { token, body: events });
    }
    const further = {
      specversion: '1.0',
      id: 'x',
      source: 'x',
      subject: 'é',
      data: { runId: 'x', startedAt: '2026-01-01T00:00:00.0009Z', sessionId: 's', more: [1.5, null, '\u{1F600}\n'] },
    };
    await here.request('/v1/events', { token, body: [{ ...further, type: 'run.started' }] });
    await here.request('/v1/events', {
      token: here.token,
      body: [{ ...further, id: 'of another', type: 'run.started' }],
    });
    const { out, err, message } = await runboard('org', 'export', 'vienna');
    expect(message).toBe('');
    const lines = out.trimEnd().split('\n');
    const tables = await tablesOf(here.database, 'vienna');
    expect(lines).toHaveLength(tables.events!.length);
    expect(lines.map((line) => JSON.parse(line)).find(({ id }) => id === 'x')).toEqual({
      ...{ ...further, type: 'run.started', time: '2026-01-01T00:00:00.000Z' },
    });

    // the printed commands make the same settings
    const [, create, load] = err.trimEnd().split('\n');
    expect(create).toBe(
      "  runboard org create vienna --name 'Ann'\\''s & Co.' --member-visibility team --alert-visibility totals " +
        '--public-visibility nothing --post-handoff-hours 1 --timezone Europe/Vienna --store-text',
    );
    expect(load).toBe('  runboard import events events.ndjson --as-directory --org vienna');
    const other = await elsewhere.organization('vienna', settings);
    // order does not matter
    const imported = await importElsewhere(lines.reverse().join('\n'), 'vienna', other);
    expect(JSON.parse(imported.out)).toMatchObject({ accepted: lines.length, duplicates: 0, rejected: 0 });
    expect(await tablesOf(elsewhere.database, 'vienna')).toEqual(tables);
    const expected = await numbersOf(here, token);
    expect(JSON.stringify(expected)).toMatch(/[1-9]/);
    expect(await numbersOf(elsewhere, other)).toEqual(expected);
    // and again: nothing counts twice
    expect(JSON.parse((await importElsewhere(out, 'vienna', other)).out)).toMatchObject({ accepted: 0 });
  });

  it('writes nothing for an organization without events, and knows none that is not there', async () => {
    await here.organization('graz');
    expect(await runboard('org', 'export', 'graz')).toMatchObject({ code: 0, out: '' });
    expect(await runboard('org', 'export', 'linz')).toMatchObject({
      code: 1,
      message: 'there is no organization linz: see `runboard org list`',
    });
  });
});

describe('runboard import events', () => {
  it('says what could not be read and what was rejected', async () => {
    const token = await elsewhere.organization('graz');
    const started = { specversion: '1.0', id: 'r', source: 's', type: 'run.started' };
    const good = { ...started, data: { runId: 'r', sessionId: 's', startedAt: '2026-01-01T00:00:00Z' } };
    const lines = ['\uFEFF' + JSON.stringify(good), '', '[1]', '{"specver', JSON.stringify({ ...started, id: 'bad' })];
    const file = join(folder, 'mixed.ndjson');
    await writeFile(file, lines.join('\r\n'));
    const { out } = await runboardElsewhere('import', 'events', file, '--url', elsewhere.address, '--token', token);
    expect(out).toBe(
      [
        'new  known already  rejected  unreadable',
        '1    0              1         2',
        '  rejected run.started: data must be a JSON object with the members of run.started',
        `  ${file}:3 is JSON, but not an object`,
        `  ${file}:4 is not JSON`,
        '',
      ].join('\n'),
    );
    expect(process.exitCode).toBe(1);
  });

  it('refuses a file that is not there', async () => {
    const { message } = await runboardElsewhere(
      'import',
      'events',
      join(folder, 'none'),
      '--url',
      'http://x',
      '--token',
      'x',
    );
    expect(message).toMatch(/none does not exist$/);
  });
});
