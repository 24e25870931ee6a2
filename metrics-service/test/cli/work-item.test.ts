import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { organizationsToLink, relinkBranches } from '../../src/ingest/relink.js';
import { rebuild } from '../../src/ingest/rebuild.js';
import { loadPrices } from '../../src/pricing/index.js';
import { inProcess } from '../support/in-process.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';

const NOW = Date.UTC(2026, 2, 12);
let service: TestService;
let folder: string;

const at = (time: string): string => `2026-03-10T${time}:00Z`;
const event = (type: string, time: string, data: Record<string, unknown>) => ({
  ...{ specversion: '1.0', source: 'test', id: `${type} ${String(Object.values(data)[0])}`, type, time },
  data,
});
const session = (sessionId: string, branch: string, more: object = {}) => [
  event('session.created', at('09:00'), { sessionId, createdAt: at('09:00'), branch, ...more }),
  event('run.started', at('10:00'), { runId: `run of ${sessionId}`, sessionId, startedAt: at('10:00') }),
  event('run.completed', at('10:10'), {
    runId: `run of ${sessionId}`,
    completedAt: at('10:10'),
    status: 'SUCCEEDED',
    usage: [{ model: 'big', inputTokens: 1000, outputTokens: 200 }],
    costUsd: 2.5,
  }),
];

beforeAll(async () => {
  service = await testService({ clock: () => NOW });
  folder = await mkdtemp(join(tmpdir(), 'runboard-'));
  const token = await service.organization('acme');
  await service.accept(token, [
    ...session('s1', 'ann/MIN-1-totals'),
    ...session('s2', 'MIN-2'),
    ...session('s3', 'main'),
    ...session('s4', 'ann/MIN-4', { workItemId: 'stated' }),
  ]);
});
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true });
});

const runboard = inProcess(NOW, () => service.url);
const items = async (): Promise<unknown> => {
  const { out } = await runboard('work-item', 'list', '--org', 'acme', '--order-by', 'work_item', '--json');
  return (JSON.parse(out) as { rows: Record<string, unknown>[] }).rows.map((row) => row.work_item).sort();
};

describe('runboard org update --work-item-pattern', () => {
  const update = (...args: string[]) => runboard('org', 'update', 'acme', ...args);

  it('refuses what is no pattern in RE2 syntax, or could take long', async () => {
    for (const pattern of ['(a', '(?=a)', 'a{1000}', 'x'.repeat(201)]) {
      const { code, message } = await update('--work-item-pattern', pattern, '--yes');
      expect([code, message]).toEqual([1, expect.stringContaining("option '--work-item-pattern <pattern>'")]);
    }
  });

  it('first shows what the last 30 days would give, and asks; then sessions are linked in the background', async () => {
    const asked = await update('--work-item-pattern', '([A-Z]+-[0-9]+)');
    expect(asked.code).toBe(1);
    expect(asked.err).toContain('it would link 2 of 3 sessions');
    expect(asked.err).toMatch(/ann\/MIN-1-totals +MIN-1\n/);
    expect(await items()).toEqual(['stated']);

    expect(await update('--work-item-pattern', '([A-Z]+-[0-9]+)', '--yes')).toMatchObject({ code: 0 });
    expect(await organizationsToLink(service.database)).toEqual(['acme']);
    expect(await relinkBranches(service.database, 'acme')).toBe(2);
    expect(await organizationsToLink(service.database)).toEqual([]);
    expect(await items()).toEqual(['MIN-1', 'MIN-2', 'stated']);
  });

  it('another pattern changes what the branches gave, and that alone; without a group the whole match counts', async () => {
    await update('--work-item-pattern', 'MIN-1.*', '--yes');
    expect(await relinkBranches(service.database, 'acme')).toBe(2);
    expect(await items()).toEqual(['MIN-1-totals', 'stated']);
    const before = await tablesOf(service.database, 'acme');
    await rebuild(service.database, 'acme', loadPrices());
    expect(await tablesOf(service.database, 'acme')).toEqual(before);
    await update('--work-item-pattern', '', '--yes');
    expect(await relinkBranches(service.database, 'acme')).toBe(1);
    expect(await items()).toEqual(['stated']);
  });
});

describe('runboard work-item', () => {
  it('lists what nobody linked, and links it: by hand, or many from a file', async () => {
    const unlinked = async () => {
      const { out } = await runboard('work-item', 'list', '--org', 'acme', '--unlinked', '--json');
      return (JSON.parse(out) as { rows: Record<string, unknown>[] }).rows.map((row) => row.session).sort();
    };
    expect(await unlinked()).toEqual(['s1', 's2', 's3']);
    const linked = await runboard('work-item', 'link', 's1', 'acme/web#7', '--org', 'acme');
    expect(linked).toMatchObject({ code: 0, out: 's1 is about acme/web#7\n' });
    const csv = join(folder, 'links.csv');
    await writeFile(csv, 'sessionId,workItemId,stage\ns2,"a ""quoted"" one",review\ns4,by hand,\n');
    expect(await runboard('work-item', 'link', '--file', csv, '--org', 'acme')).toMatchObject({
      code: 0,
      out: '2 sessions linked in acme\n',
    });
    const json = join(folder, 'links.json');
    await writeFile(json, JSON.stringify([{ sessionId: 's3', workItemId: 'https://example.org/MIN-3' }]));
    expect(await runboard('work-item', 'link', '--file', json, '--org', 'acme')).toMatchObject({ code: 0 });
    expect(await unlinked()).toEqual([]);
    expect(await items()).toEqual(['a "quoted" one', 'acme/web#7', 'by hand', 'https://example.org/MIN-3']);
    await runboard('work-item', 'link', 's3', '', '--org', 'acme');
    expect(await unlinked()).toEqual(['s3']);
  });

  it('says what is wrong with a link', async () => {
    const file = join(folder, 'wrong.json');
    await writeFile(
      file,
      JSON.stringify([
        { sessionId: 's1', workItemId: 'x' },
        { sessionId: '', workItemId: 'x' },
      ]),
    );
    const { code, message, err } = await runboard('work-item', 'link', '--file', file, '--org', 'acme');
    expect(code).toBe(1);
    expect(message + err).toContain('item 2: sessionId');
    const { message: missing } = await runboard('work-item', 'link', 's1', '--org', 'acme');
    expect(missing).toContain('name a session and a work item');
  });
});

describe('runboard cost', () => {
  it('says what a work item cost, by session and by model', async () => {
    const { out, code } = await runboard('cost', 'a "quoted" one', '--org', 'acme');
    expect([code, out.replace(/ +/g, ' ').split('\n')]).toEqual([
      0,
      [
        'a "quoted" one: $2.50, 1,200 tokens',
        '',
        'session stage model cost tokens',
        's2 review big $2.50 1,200',
        '',
        'model cost share',
        'big $2.50 100.0%',
        '',
      ],
    ]);
    expect((await runboard('cost', 'nothing', '--org', 'acme')).out).toBe('nothing: no run is about it\n');
    expect(JSON.parse((await runboard('cost', 'by hand', '--org', 'acme', '--json')).out)).toMatchObject({
      totalCost: 2.5,
      byModel: { big: 2.5 },
    });
  });
});
