import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { dataFolder, runboard, start, startUntil, type Started } from '../support/command.js';

const LOADING = 'loading the demo';

describe('npm start with the demo organization', () => {
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let service: Started | undefined;

  const ask = async (org: string, ...question: string[]) => {
    const { stdout } = await runboard(['query', ...question, '--json', '--org', org], {
      RUNBOARD_DATA_DIR: folder.path,
    });
    return JSON.parse(stdout) as { rows: Record<string, number>[] };
  };

  beforeAll(async () => {
    folder = await dataFolder();
  });
  afterEach(async () => {
    await service?.end('SIGTERM');
    service = undefined;
  });
  afterAll(() => folder.remove());

  it('ends gently while it is loaded', async () => {
    const { code, stdout } = await startUntil(LOADING, 'SIGINT', folder.path);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Stopped.\n' });
  }, 60_000);

  it('loads the rest after that and after a kill -9, and says what it made', async () => {
    await startUntil(LOADING, 'SIGKILL', folder.path);
    service = await start(folder.path, { RUNBOARD_DEMO: '1' });
    const me = await fetch(`${service.url}/v1/me`, { headers: { authorization: `Bearer ${service.token}` } });
    expect(await me.text()).toContain('"demo"');
    const { rows } = await ask('demo', 'runs', 'active_users', 'in_flight_runs', '--last', '120d');
    expect(rows[0]).toMatchObject({ active_users: 60, in_flight_runs: 9 });
    expect(Math.abs(rows[0]!.runs! - 20_000)).toBeLessThan(300);
    const { stdout } = await service.end('SIGINT');
    service = undefined;
    for (const part of ['organization  demo', 'Total cost', 'Top users', 'provider_error', 'npx runboard import']) {
      expect(stdout).toContain(part);
    }
    expect(stdout).toMatch(/^Runs +[▁▂▃▄▅▆▇█ ]{30,31} /m);
  }, 400_000);

  it('loads it once, and keeps one’s own data apart', async () => {
    service = await start(folder.path, { RUNBOARD_DEMO: '1', RUNBOARD_DEMO_LIVE: '1' });
    const former = service;
    // its fleet is at work: one hangs, others do not
    let now = (await ask('demo', 'in_flight_runs_now', 'stuck_runs_now')).rows[0]!;
    for (let tries = 0; now.in_flight_runs_now! < 3 && tries < 20; tries += 1)
      now = (await ask('demo', 'in_flight_runs_now', 'stuck_runs_now')).rows[0]!;
    expect(now.in_flight_runs_now).toBeGreaterThanOrEqual(3);
    expect(now.stuck_runs_now).toBeGreaterThanOrEqual(1);
    expect((await ask('default', 'runs')).rows[0]).toMatchObject({ runs: 0 });
    await service.end('SIGINT');
    service = await start(folder.path, { RUNBOARD_DEMO: '0' });
    const me = (token: string) => fetch(`${service!.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(await (await me(service.token)).text()).toContain('"default"');
    expect((await me(former.token)).status).toBe(401);
  }, 60_000);
});
