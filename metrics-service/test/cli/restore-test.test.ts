import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { inProcess } from '../support/in-process.js';
import { testService, type TestService } from '../support/service.js';

const NOW = Date.parse('2026-06-30T00:00:00Z');
/** the service's; the backup is made by the database's clock */
let clock = NOW;
let service: TestService;
let folder: string;
const runboard = inProcess(NOW, () => service.url);

const at = (minute: number): string => new Date(NOW - 86_400_000 + minute * 60_000).toISOString();
const run = (index: number, status = 'SUCCEEDED') => ({
  ...{ specversion: '1.0', id: `e${index}`, source: 'test', type: 'run.completed' },
  data: { runId: `r${index}`, sessionId: 's', userId: 'ann', startedAt: at(index), completedAt: at(index + 1), status },
});

beforeAll(async () => {
  service = await testService({ clock: () => clock });
  folder = await mkdtemp(join(tmpdir(), 'runboard-backups-'));
  await service.accept(
    service.token,
    [1, 2, 3, 4].map((index) => run(index, index === 4 ? 'FAILED' : 'SUCCEEDED')),
  );
  expect(await runboard('backup', join(folder, 'new.sql.gz'))).toMatchObject({ code: 0 });
  await writeFile(join(folder, 'old.sql.gz'), 'no backup');
  await utimes(join(folder, 'old.sql.gz'), 0, 0);
  await writeFile(join(folder, 'newer.sql.gz.part'), 'half of one');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await service.stop();
});

async function asOwner(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: service.url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

const test = async (path = folder) => {
  const { code, out, message } = await runboard('restore-test', path, '--json');
  return { code, message, said: out === '' ? null : JSON.parse(out) };
};

describe('runboard restore-test', () => {
  it('restores the newest backup beside the running service, and finds the same numbers, whatever came since', async () => {
    clock = Date.now() + 60_000;
    await service.accept(service.token, [run(100, 'FAILED'), run(101)]);
    const { code, message, said } = await test();
    expect([code, message]).toEqual([0, '']);
    expect(said).toMatchObject({ file: join(folder, 'new.sql.gz') });
    expect(said.organizations).toMatchObject([{ org: 'acme', events: 4, eventsNow: 4, differences: [] }]);
    expect(said.organizations[0].metrics).toBeGreaterThan(30);
    // the last event is of the minute in which the fourth run ended
    expect(said.organizations[0].window.to).toBe(at(5));
  });

  it('tells what differs, with exit code 1', async () => {
    await asOwner(`update runs set status = 'FAILED', failure_category = null where run_id = 'r1'`);
    await asOwner(`update ingest_state set data_version = data_version + 1`);
    const { code, message, said } = await test();
    expect([code, message]).toEqual([1, 'the backup differs in acme']);
    expect(said.organizations[0].differences).toEqual(
      expect.arrayContaining([
        'failed_runs: 1 in the backup, 2 in the running one',
        'succeeded_runs: 3 in the backup, 2 in the running one',
      ]),
    );
    await asOwner(`delete from events where id = 'e2'`);
    const gone = await test();
    expect(gone.said.organizations[0].differences[0]).toBe('events: 4 in the backup, 3 of then in the running one');
  });

  it('fails where the newest backup is not whole, or there is none', async () => {
    const whole = await readFile(join(folder, 'new.sql.gz'));
    const cut = join(folder, 'cut.sql.gz');
    await writeFile(cut, whole.subarray(0, whole.length - 100));
    await utimes(cut, 4_000_000_000, 4_000_000_000);
    expect(await test()).toMatchObject({ code: 1, message: expect.stringContaining('truncated') });
    expect(await test(tmpdir() + '/nowhere')).toMatchObject({
      code: 1,
      message: expect.stringContaining('does not exist'),
    });
  });
});
