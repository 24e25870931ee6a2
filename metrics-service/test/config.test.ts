import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../src/config.js';

describe('the environment', () => {
  it('may be empty: every variable has a value that works', () => {
    expect(loadConfig({})).toEqual({
      databaseUrl: undefined,
      databaseOwnerUrl: undefined,
      port: 8080,
      host: '127.0.0.1',
      logLevel: 'info',
      dataDir: '.runboard',
      demo: true,
      demoLive: true,
      grafana: true,
      grafanaHome: undefined,
      grafanaPort: undefined,
      pluginDir: undefined,
      pricesFile: undefined,
      maxBodyBytes: 10_485_760,
      maxEvents: 10_000,
      maxConcurrency: 256,
      maxDeadLetters: 10_000,
      rateLimitPerToken: 2_000,
      rateLimitPerAddress: 5_000,
      rateLimitBadTokens: 300,
      trustProxy: false,
      maxConnections: 5_000,
      requestTimeoutMs: 300_000,
      stallTimeoutMs: 60_000,
      exportBytesPerSecond: 65_536,
      poolSize: 16,
      statementTimeoutMs: 30_000,
      engine: 'auto',
      queryTimeoutMs: 20_000,
    });
  });

  // variable, member, a value that it may have and what that means, values that it may not have
  const CASES: [string, string, string, unknown, string[]][] = [
    ['DATABASE_URL', 'databaseUrl', 'postgresql://a@b/c', 'postgresql://a@b/c', ['localhost', 'mysql://b/c']],
    ['DATABASE_OWNER_URL', 'databaseOwnerUrl', 'postgres://a@b/c', 'postgres://a@b/c', ['mysql://b/c']],
    ['PORT', 'port', '0', 0, ['-1', '65536', '80.5', '1e3', ' 80', 'http', '0x50']],
    ['HOST', 'host', '::1', '::1', ['a b', 'http://localhost', '\n']],
    ['LOG_LEVEL', 'logLevel', 'debug', 'debug', ['DEBUG', 'loud']],
    ['RUNBOARD_DATA_DIR', 'dataDir', '/a b/ü', '/a b/ü', []],
    ['RUNBOARD_DEMO', 'demo', '0', false, ['false', 'no', '2']],
    ['RUNBOARD_DEMO_LIVE', 'demoLive', '0', false, ['false', 'no', '2']],
    ['RUNBOARD_GRAFANA', 'grafana', '0', false, ['false', 'no', '2']],
    ['RUNBOARD_PLUGIN', 'pluginDir', '/opt/plugin', '/opt/plugin', []],
    ['GRAFANA_HOME', 'grafanaHome', '/opt/grafana', '/opt/grafana', []],
    ['GRAFANA_PORT', 'grafanaPort', '0', 0, ['-1', '65536', '3000/tcp']],
    ['RUNBOARD_EXPORT_BYTES_PER_SECOND', 'exportBytesPerSecond', '1', 1, ['0', '1e9', '-1']],
    ['RUNBOARD_PRICES', 'pricesFile', 'prices.json', 'prices.json', []],
    ['RUNBOARD_MAX_BODY_BYTES', 'maxBodyBytes', '1024', 1024, ['1023', '10MB', '1073741825']],
    ['RUNBOARD_MAX_EVENTS', 'maxEvents', '1', 1, ['0', '1000001', 'many']],
    ['RUNBOARD_MAX_CONCURRENCY', 'maxConcurrency', '1', 1, ['0', '100001', 'all']],
    ['RUNBOARD_MAX_DEAD_LETTERS', 'maxDeadLetters', '0', 0, ['-1', '10000001']],
    ['RUNBOARD_RATE_LIMIT_PER_TOKEN', 'rateLimitPerToken', '0', 0, ['-1', '1000001', 'none']],
    ['RUNBOARD_RATE_LIMIT_PER_ADDRESS', 'rateLimitPerAddress', '1000000', 1_000_000, ['-1', '1/s']],
    ['RUNBOARD_RATE_LIMIT_BAD_TOKENS', 'rateLimitBadTokens', '10', 10, ['1.5', 'off']],
    [
      'RUNBOARD_TRUST_PROXY',
      'trustProxy',
      '2',
      2,
      ['0', '101', 'true', 'proxy.example', '10.0.0.0/33', '10.0.0.1/8/8', ','],
    ],
    ['RUNBOARD_TRUST_PROXY', 'trustProxy', 'loopback, 10.0.0.0/8,::1', ['loopback', '10.0.0.0/8', '::1'], ['::1/129']],
    ['RUNBOARD_MAX_CONNECTIONS', 'maxConnections', '1', 1, ['0', 'many']],
    ['RUNBOARD_REQUEST_TIMEOUT_MS', 'requestTimeoutMs', '100', 100, ['99', '5m']],
    ['RUNBOARD_STALL_TIMEOUT_MS', 'stallTimeoutMs', '100', 100, ['0', '86400001']],
    ['RUNBOARD_POOL_SIZE', 'poolSize', '8', 8, ['7', '1001']],
    ['RUNBOARD_STATEMENT_TIMEOUT_MS', 'statementTimeoutMs', '100', 100, ['99', '86400001', '30s']],
    ['RUNBOARD_ENGINE', 'engine', 'raw', 'raw', ['rollups', '1']],
    ['RUNBOARD_QUERY_TIMEOUT_MS', 'queryTimeoutMs', '100', 100, ['99', '86400001', '20s']],
  ];

  it.each(CASES)('%s is read, and counts as unset when empty', (variable, member, value, meaning) => {
    const others = member.startsWith('database') ? { databaseUrl: meaning, databaseOwnerUrl: meaning } : {};
    expect(loadConfig({ [variable]: value })).toEqual({ ...loadConfig({}), ...others, [member]: meaning });
    expect(loadConfig({ [variable]: '' })).toEqual(loadConfig({}));
  });

  it('may name the database as two roles', () => {
    const [DATABASE_URL, DATABASE_OWNER_URL] = ['postgres://service@b/c', 'postgres://owner@b/c'];
    const both = { databaseUrl: DATABASE_URL, databaseOwnerUrl: DATABASE_OWNER_URL };
    expect(loadConfig({ DATABASE_URL, DATABASE_OWNER_URL })).toMatchObject(both);
  });

  const wrong = CASES.flatMap(([variable, , , , values]) => values.map((value) => [variable, value] as const));
  it.each(wrong)('%s=%j is refused in one line with variable, value and what it may be', (variable, value) => {
    let message = '';
    try {
      loadConfig({ [variable]: value });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(`${variable} is ${JSON.stringify(value)}, but must be `);
    expect(message).not.toContain('\n');
  });

  it.each([
    'mysql://me:hunter2@host/db',
    'postgres:/me:hunter2@host/db',
    'me:hunter2@host/db',
    'mysql://me:hun@ter2@host/db',
    'https://host/?password=hunter2',
    'host=x user=me password=hunter2',
  ])('%s: a password does not show', (value) => {
    expect(() => loadConfig({ DATABASE_URL: value })).toThrow(/^DATABASE_URL is (?!.*ter2)/);
  });

  it('may leave the secret in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'runboard-config-'));
    const DATABASE_URL_FILE = join(folder, 'url');
    await writeFile(DATABASE_URL_FILE, 'postgres://a:b@c/d\n');
    expect(loadConfig({ DATABASE_URL_FILE }).databaseUrl).toBe('postgres://a:b@c/d');
    expect(loadConfig({ DATABASE_URL: '', DATABASE_URL_FILE }).databaseUrl).toBe('postgres://a:b@c/d');
    expect(loadConfig({ DATABASE_URL: 'postgres://x/y', DATABASE_URL_FILE }).databaseUrl).toBe('postgres://x/y');
    await rm(folder, { recursive: true });
    expect(() => loadConfig({ DATABASE_URL_FILE })).toThrow(
      `DATABASE_URL_FILE is ${JSON.stringify(DATABASE_URL_FILE)}, but must be a file that can be read (ENOENT)`,
    );
  });
});
