import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runboardFiles } from '../support/command.js';
import { testService, type TestService } from '../support/service.js';
import { context, count, event, item, type Members, meta, T1 } from './rollouts.js';

const folder = mkdtempSync(join(tmpdir(), 'follow-command-'));
const file = join(folder, 'rollout-2026-03-01T12-00-00-thread-1.jsonl');
let service: TestService;

beforeAll(async () => {
  service = await testService();
});
afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true });
});

async function tokensIn(): Promise<number> {
  const sum = 'select coalesce(sum(input_tokens), 0)::int as n from llm_calls';
  const { rows } = await service.database.inOrganization('acme', (tx) => tx.query<{ n: number }>(sum));
  return rows[0]?.n ?? 0;
}

/** How long it takes, in ms, until the service knows this many tokens; at most 10 seconds. */
async function untilTokens(tokens: number): Promise<number> {
  const startedMs = Date.now();
  while ((await tokensIn()) !== tokens && Date.now() - startedMs < 10_000) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return Date.now() - startedMs;
}

const add = (...lines: Members[]) => appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

describe('runboard import codex --follow', () => {
  it('keeps the numbers at most five seconds behind, and ends with Ctrl-C', async () => {
    writeFileSync(file, '');
    add(meta(0), event('task_started', 1, { turn_id: T1 }), context(1, T1), item(2), count(3, [100, 0, 10]));
    const flags = ['--follow', '--url', service.address, '--token', service.token, '--user', 'dev@example.com'];
    const child = spawn(process.execPath, [...runboardFiles(), 'import', 'codex', folder, ...flags], {
      env: { PATH: process.env.PATH, HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const texts = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
    const ended = once(child, 'close');
    expect(await untilTokens(100)).toBeLessThan(10_000);
    for (const step of [2, 3]) {
      add(count(3 + step, [100 * step, 0, 10 * step]));
      expect(await untilTokens(100 * step)).toBeLessThan(5000);
    }
    // what is written just before the end is still read
    add(event('task_complete', 9, { turn_id: T1, last_agent_message: 'Done.' }));
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(texts.err).toBe(`Following ${folder} (Ctrl-C ends it)\n`);
    expect(texts.out).toMatch(/^(\S+Z {2}\d+ new events?\n)+$/);
    const runs = await service.database.inOrganization('acme', (tx) => tx.query('select run_id, status from runs'));
    expect(runs.rows).toEqual([{ run_id: T1, status: 'SUCCEEDED' }]);
  });

  it('ends with Ctrl-C also where the service cannot be reached, and says so', async () => {
    const flags = ['--follow', '--url', 'http://127.0.0.1:1', '--token', 'x', '--user', 'dev@example.com'];
    const child = spawn(process.execPath, [...runboardFiles(), 'import', 'codex', folder, ...flags], {
      env: { PATH: process.env.PATH, HOME: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    const ended = once(child, 'close');
    child.stderr.on('data', (chunk: Buffer) => {
      const stopped = err.includes('trying again in 1 s');
      err += chunk.toString();
      if (!stopped && err.includes('trying again in 1 s')) child.kill('SIGINT');
    });
    expect(await ended).toEqual([1, null]);
    expect(err).toContain('Run the import again to continue');
  });
});
