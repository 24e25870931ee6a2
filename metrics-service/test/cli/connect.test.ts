import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inProcess, type Spoken } from '../support/in-process.js';
import { testService, type TestService } from '../support/service.js';

let service: TestService;
let folder: string;
let settings: string;
const runboard = inProcess(Date.now(), () => service.url);
const connect = (...args: string[]): Promise<Spoken> => runboard('connect', ...args, '--url', service.address);
beforeAll(async () => {
  service = await testService();
  folder = await mkdtemp(join(tmpdir(), 'connect-'));
  settings = join(folder, 'settings.json');
});
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true });
});

const read = async (): Promise<Record<string, any>> => JSON.parse(await readFile(settings, 'utf8'));

describe('runboard connect claude-code', () => {
  it('prints settings whose token a record gets through with, and what it sent shows in runboard telemetry', async () => {
    const { out, err, code } = await connect('claude-code', '--settings', settings);
    expect([code, err]).toEqual([0, expect.stringContaining(`a test record reached ${service.address} and was seen`)]);
    const { env, hooks } = JSON.parse(out);
    expect(env).toMatchObject({
      ...{
        CLAUDE_CODE_ENABLE_TELEMETRY: '1',
        OTEL_LOGS_EXPORTER: 'otlp',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      },
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: service.address },
    });
    const [, token] = /^Authorization=Bearer%20(rb_[\w-]{32,})$/.exec(env.OTEL_EXPORTER_OTLP_HEADERS as string)!;
    expect(Object.keys(hooks)).toEqual(['UserPromptSubmit', 'Stop', 'StopFailure', 'SessionEnd']);
    expect(hooks.Stop).toEqual([
      {
        hooks: [
          {
            type: 'http',
            url: `${service.address}/v1/hooks/claude-code`,
            headers: { Authorization: `Bearer ${token}` },
            timeout: 2,
          },
        ],
      },
    ]);
    const hook = { session_id: 's', prompt_id: 'p', hook_event_name: 'Stop' };
    expect((await service.request('/v1/hooks/claude-code', { token, body: hook })).status).toBe(200);
    expect((await service.request('/v1/query', { token, body: {} })).status).toBe(403);
    await expect(stat(settings)).rejects.toThrow('ENOENT');
    await new Promise((done) => setTimeout(done, 1_300));
    const seen = JSON.parse((await runboard('telemetry', '--json')).out);
    expect(seen).toEqual([
      expect.objectContaining({
        signal: 'hooks',
        source: 'hook:claude-code',
        name: 'Stop',
        outcome: 'events',
        records: 1,
      }),
      expect.objectContaining({ signal: 'logs', name: 'runboard.connect_test', outcome: 'unknown', records: 1 }),
    ]);
  });

  it('--write merges, changes nothing else, twice is once, and --undo takes it out again', async () => {
    const mine = {
      model: 'opus',
      env: { FOO: 'bar', OTEL_LOGS_EXPORTER: 'console' },
      hooks: { Stop: [{ hooks: [{ type: 'command', command: 'say done' }] }], SessionStart: [] },
    };
    await writeFile(settings, JSON.stringify(mine), { mode: 0o640 });
    for (let twice = 0; twice < 2; twice += 1) {
      expect((await connect('claude-code', '--settings', settings, '--write')).code).toBe(0);
    }
    const { env, hooks, ...rest } = await read();
    expect(rest).toEqual({ model: 'opus' });
    expect([env.FOO, env.OTEL_LOGS_EXPORTER]).toEqual(['bar', 'otlp']);
    expect(hooks.Stop).toEqual([mine.hooks.Stop[0], { hooks: [expect.objectContaining({ type: 'http' })] }]);
    expect((await stat(settings)).mode & 0o777).toBe(0o640);
    // what was changed since stays
    await writeFile(settings, JSON.stringify({ ...(await read()), theme: 'dark' }));
    expect((await connect('claude-code', '--settings', settings, '--undo')).code).toBe(0);
    expect(await read()).toEqual({ ...mine, theme: 'dark' });
    expect((await connect('claude-code', '--settings', settings, '--undo')).message).toContain('nothing to undo');
  });

  it('leaves a file that is no JSON as it is', async () => {
    await writeFile(settings, '{ // mine\n');
    const { message } = await connect('claude-code', '--settings', settings, '--write');
    expect(message).toContain('is not a JSON object, and was left as it is');
    expect(await readFile(settings, 'utf8')).toBe('{ // mine\n');
  });

  it('says when a record does not get through', async () => {
    const url = 'http://127.0.0.1:9';
    const { message } = await runboard('connect', 'claude-code', '--url', url, '--settings', join(folder, 'none.json'));
    expect(message).toContain(`a test record did not reach ${url}`);
  });
});

it('runboard connect collector prints a configuration, runner a script that POSIX shells run and that never fails', async () => {
  const { out } = await connect('collector');
  expect(out).toContain(`endpoint: ${service.address}`);
  const script = (await connect('runner')).out;
  const run = promisify(execFile);
  const environment = { PATH: process.env.PATH, SESSION_ID: 's "9"', EXIT_REASON: 'failed', CORRELATION_ID: 'A\\B' };
  expect(await run('sh', ['-c', script], { env: environment })).toEqual({ stdout: '', stderr: '' });
  const { rows } = await service.database.inOrganization('acme', (tx) =>
    tx.query(
      `select session_id, ended_status, work_item_id from sessions where org_id = $1 and session_id like '%9%'`,
      ['acme'],
    ),
  );
  expect(rows).toEqual([{ session_id: 's "9"', ended_status: 'FAILED', work_item_id: 'A\\B' }]);
  const away = script.replaceAll(service.address, 'http://127.0.0.1:9');
  expect(await run('sh', ['-c', away], { env: environment })).toEqual({ stdout: '', stderr: '' });
});
