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
      expect.objectContaining({ signal: 'logs', name: 'runboard.connect_test', outcome: 'nothing', records: 1 }),
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
});

describe('runboard connect codex', () => {
  const config = (): string => join(folder, 'config.toml');
  const write = (...more: string[]): Promise<Spoken> => connect('codex', '--settings', config(), ...more);
  const exporter =
    /^exporter = \{ otlp-http = \{ endpoint = "(\S+)\/v1\/logs", protocol = "binary", headers = \{ "Authorization" = "Bearer (rb_[\w-]{32,})" \} \} \}$/;

  it('prints the table, whose token a record gets through with', async () => {
    const { out, err, code } = await connect('codex', '--settings', config());
    expect([code, err]).toEqual([0, expect.stringContaining(`merge this into ${config()}`)]);
    const [table, line] = out.trim().split('\n');
    const [, url, token] = exporter.exec(line!)!;
    expect([table, url]).toEqual(['[otel]', service.address]);
    expect((await service.request('/v1/logs', { token, body: {} })).status).toBe(200);
  });

  // before, and where the block goes: its lines are `>`
  it.each([
    ['', '> [otel] >'],
    ['model = "gpt-5" # mine\n', 'model = "gpt-5" # mine\n\n> [otel] >'],
    [
      '# mine\n[otel]\nenvironment = "prod"\nexporter = "none" # off\n\n[tools]\nweb_search = true\n',
      '# mine\n[otel]\n> >\nenvironment = "prod"\n# was: exporter = "none" # off\n\n[tools]\nweb_search = true\n',
    ],
    [
      '[otel]\nexporter = { otlp-grpc = {\n  endpoint = "https://x:4317", # { [\n} }\nlog_user_prompt = true\n',
      '[otel]\n> >\n# was: exporter = { otlp-grpc = {\n# was:   endpoint = "https://x:4317", # { [\n# was: } }\nlog_user_prompt = true\n',
    ],
    [
      'note = """\n[otel]\n"""\n[ otel . exporter."otlp-http" ]\nendpoint = "https://x"\n[mcp_servers.a]\ncommand = "a"\n',
      'note = """\n[otel]\n"""\n# was: [ otel . exporter."otlp-http" ]\n# was: endpoint = "https://x"\n[mcp_servers.a]\ncommand = "a"\n\n> [otel] >',
    ],
  ])('--write merges into %j, twice is once, and --undo takes it out', async (before, after) => {
    await writeFile(config(), before, { mode: 0o640 });
    for (let twice = 0; twice < 2; twice += 1) expect((await write('--write')).code).toBe(0);
    const text = await readFile(config(), 'utf8');
    const block = /# runboard connect: begin\n(\[otel\]\n)?(.*)\n# runboard connect: end\n?/;
    const [whole, table, line] = block.exec(text)!;
    expect(line).toMatch(exporter);
    const shown = table ? '> [otel] >' : '> >\n';
    expect(text.replace(whole, shown)).toBe(after);
    expect((await stat(config())).mode & 0o777).toBe(0o640);
    expect((await write('--undo')).code).toBe(0);
    if (before === '') await expect(stat(config())).rejects.toThrow('ENOENT');
    else expect(await readFile(config(), 'utf8')).toBe(before);
    expect((await write('--undo')).message).toContain('nothing to undo');
  });

  it.each([
    ['model = "gpt-5\n[otel]\n', 'line 1'],
    ['model = "gpt-5"\n[otel\n', 'line 2'],
    ['a = 1\na = 2\n', 'line 2'],
  ])('leaves %j as it is, which is no TOML', async (broken, line) => {
    await writeFile(config(), broken);
    expect((await write('--write')).message).toContain(`${config()} is not TOML (${line}: `);
    expect(await readFile(config(), 'utf8')).toBe(broken);
  });

  it('keeps what was written below it, and refuses what it cannot tell apart', async () => {
    await writeFile(config(), 'a = 1\n');
    await write('--write');
    await writeFile(config(), `${await readFile(config(), 'utf8')}environment = "prod"\n`);
    await write('--undo');
    expect(await readFile(config(), 'utf8')).toBe('a = 1\n\n[otel]\nenvironment = "prod"\n');
    await writeFile(config(), 'otel.exporter = "none"\n');
    expect((await write('--write')).message).toContain('was left as it is');
    expect(await readFile(config(), 'utf8')).toBe('otel.exporter = "none"\n');
  });
});

it('runboard connect gemini prints, writes and undoes its settings and the variable with the token', async () => {
  const [path, variables] = [join(folder, 'gemini', 'settings.json'), join(folder, 'gemini', '.env')];
  const gemini = (...more: string[]): Promise<Spoken> => connect('gemini', '--settings', path, ...more);
  const telemetry = {
    ...{ enabled: true, target: 'local', otlpEndpoint: service.address, otlpProtocol: 'http', logPrompts: false },
  };
  const { out, code } = await gemini();
  const [settingsText, variable] = out.trim().split(/\n(?=OTEL)/);
  expect([code, JSON.parse(settingsText!)]).toEqual([0, { telemetry }]);
  expect(variable).toMatch(/^OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%20rb_[\w-]{32,}$/);
  const token = variable!.split('%20')[1]!;
  expect((await service.request('/v1/logs', { token, body: {} })).status).toBe(200);

  expect((await gemini('--write')).code).toBe(0);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ telemetry });
  expect((await gemini('--undo')).code).toBe(0);
  await expect(stat(path)).rejects.toThrow('ENOENT');
  await expect(stat(variables)).rejects.toThrow('ENOENT');

  const mine = { ui: { theme: 'x' }, telemetry: { enabled: false, outfile: 'a.log', useCollector: true } };
  await writeFile(path, JSON.stringify(mine));
  await writeFile(variables, 'GEMINI_API_KEY=k\nOTEL_EXPORTER_OTLP_HEADERS=a=b\n');
  for (let twice = 0; twice < 2; twice += 1) expect((await gemini('--write')).code).toBe(0);
  const written = JSON.parse(await readFile(path, 'utf8'));
  expect(written).toEqual({ ui: { theme: 'x' }, telemetry: { ...telemetry, useCollector: true } });
  expect(await readFile(variables, 'utf8')).toMatch(/^GEMINI_API_KEY=k\nOTEL_EXPORTER_OTLP_HEADERS=Auth\S+\n$/);
  expect((await gemini('--undo')).code).toBe(0);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(mine);
  expect(await readFile(variables, 'utf8')).toBe('GEMINI_API_KEY=k\nOTEL_EXPORTER_OTLP_HEADERS=a=b\n');
});

it('runboard telemetry names ids that were seen together, with the command that makes them one', async () => {
  const attribute = (key: string, value: string): object => ({ key, value: { stringValue: value } });
  const nanos = `${Date.now()}000000`;
  const attributes = [
    ...[attribute('event.name', 'codex.conversation_starts'), attribute('conversation.id', 's')],
    ...[attribute('user.email', 'Ann@Example.com'), attribute('user.account_id', "o'acc")],
  ];
  const logRecords = [{ timeUnixNano: nanos, attributes }];
  const body = { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
  expect((await service.request('/v1/logs', { body })).status).toBe(200);
  await new Promise((done) => setTimeout(done, 1_300));
  expect((await runboard('telemetry')).out).toContain(`say so:\n  runboard user alias ann@example.com 'o'\\''acc'\n`);
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
