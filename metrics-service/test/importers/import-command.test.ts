import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { importCommand } from '../../src/cli/import/index.js';
import { testService, type TestService } from '../support/service.js';
import { describeWithData, SHARED_DATA } from '../support/shared-data.js';
import { agent, type Members, SESSION, START, user } from './transcripts.js';

const DATA = join(SHARED_DATA, 'claude-code');
const folder = mkdtempSync(join(tmpdir(), 'transcripts-'));
const NOW = Date.UTC(2026, 10, 21);
let service: TestService;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  service = await testService();
  const write = (name: string, lines: (Members | string)[]) =>
    writeFileSync(
      join(folder, name),
      lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
    );
  mkdirSync(join(folder, SESSION, 'subagents'), { recursive: true });
  write(`${SESSION}.jsonl`, [user('p1', 0, 'go'), agent('a1', 10, 'm1', 'text', [10, 20, 100, 50, 20]), '// a note']);
  const side = [user('s1', 2, 'look'), agent('s2', 3, 'm2', 'text', [1, 2])];
  write(
    join(SESSION, 'subagents', 'agent-1.jsonl'),
    side.map((line) => ({ ...line, isSidechain: true })),
  );
});
afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true });
});

/** Runs the command; an organization of its own for each name. */
async function run(org: string, ...args: string[]): Promise<{ out: string; err: string }> {
  tokens[org] ??= await service.organization(org);
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = { out: '', err: '' };
  stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
  stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
  const command = importCommand({
    clock: () => NOW,
    environment: {},
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    reach: () => Promise.resolve({ url: service.address, token: tokens[org] ?? '' }),
  }).exitOverride();
  command.commands.forEach((sub) => sub.exitOverride().configureOutput({ writeErr: (text) => (texts.err += text) }));
  await command.parseAsync(['claude-code', '--user', 'dev@example.com', ...args], { from: 'user' });
  return texts;
}

async function rows(org: string, sql: string): Promise<unknown[]> {
  return service.database.inOrganization(org, async (tx) => (await tx.query(sql)).rows);
}
const RUNS = `select run_id, status, started_at, completed_at, user_id, model, input_tokens, output_tokens, cost_nanos
  from runs order by run_id`;

describe('runboard import claude-code', () => {
  it('sends what a folder holds, attaches subagents’ calls by time, and counts it once', async () => {
    const first = JSON.parse((await run('fresh', folder, '--json')).out);
    expect(first).toMatchObject({
      files: 2,
      sessions: 1,
      runs: 1,
      calls: 2,
      models: [{ model: 'claude-opus-5', calls: 2, inputTokens: 161, outputTokens: 22 }],
      duplicates: 0,
      rejected: 0,
      unreadable: { count: 1, named: [{ line: 3, reason: 'is not JSON' }] },
    });
    // 11 in at 5, 22 out at 25, 100 read at 0.5, 30 written at 6.25, 20 for an hour at 10 dollars per million tokens
    expect(await rows('fresh', RUNS)).toMatchObject([
      {
        run_id: 'p1',
        status: 'SUCCEEDED',
        user_id: 'dev@example.com',
        cost_nanos: String(55_000 + 550_000 + 50_000 + 187_500 + 200_000),
      },
    ]);
    const again = JSON.parse((await run('fresh', folder, '--json')).out);
    expect(again).toMatchObject({ accepted: 0, duplicates: first.accepted, rejected: 0 });
  });

  it('links its sessions to a work item, where nothing else says one, once', async () => {
    const links = 'select session_id, work_item_id from sessions';
    await run('linked', folder, '--json', '--work-item', 'acme/web#7');
    expect(await rows('linked', links)).toEqual([{ session_id: SESSION, work_item_id: 'acme/web#7' }]);
    const again = JSON.parse((await run('linked', folder, '--json', '--work-item', 'acme/web#7')).out);
    expect(again).toMatchObject({ accepted: 0, rejected: 0 });
    await service.accept(tokens.linked!, [
      {
        ...{ specversion: '1.0', source: 'test', id: 'before', type: 'session.linked' },
        data: { sessionId: SESSION, workItemId: 'said', at: '2020-01-01T00:00:00Z' },
      },
    ]);
    expect(await rows('linked', links)).toEqual([{ session_id: SESSION, work_item_id: 'said' }]);
  });

  it('says what happened in words', async () => {
    const { out } = await run('words', folder, '--repo', 'shop', '--with-text');
    expect(out).toContain('2 files, 1 session, 1 run, 2 calls');
    expect(out).toMatch(/claude-opus-5 +2 +161 +22/);
    expect(out).toMatch(/\d new events, 0 known already, 0 rejected/);
    expect(out).toMatch(/1 line could not be read:\n {2}.*session-1\.jsonl:3 is not JSON/);
    expect(await rows('words', 'select repo, text from sessions join messages using (session_id)')).toContainEqual({
      repo: 'shop',
      text: null,
    });
  });

  it('says which dates it found, and how to ask about them', async () => {
    const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
    const { out } = await run('dates', folder, '--org', 'dates');
    expect(out).toContain(`\nruns of ${day(START)} (UTC)\n`);
    const flags = `--from ${day(START)} --to ${day(START + 86_400_000)} --timezone UTC`;
    expect(out).toMatch(/Ask about them:\n {2}.*\n$/);
    expect(out).toContain(`npx runboard query runs run_success_rate total_cost ${flags} --org dates\n`);
    const { runsStarted } = JSON.parse((await run('dates', folder, '--json')).out);
    expect([runsStarted.from, runsStarted.to].map((text) => text.slice(0, 10))).toEqual([day(START), day(START)]);
    // nothing was sent: nothing to ask about
    expect((await run('dates', folder, '--dry-run')).err).not.toContain('runboard query');
  });

  it('has one line for a file with many unreadable lines, so that others are seen', async () => {
    const logs = mkdtempSync(join(tmpdir(), 'logs-'));
    writeFileSync(join(logs, 'a.jsonl'), 'INFO\n'.repeat(1234));
    writeFileSync(join(logs, 'b.jsonl'), '42\nINFO\n');
    const { out } = await run('logs', logs);
    rmSync(logs, { recursive: true });
    const lines = out.slice(out.indexOf('1,236 lines could not be read')).split('\n');
    expect(lines).toEqual([
      '1,236 lines could not be read:',
      `  ${join(logs, 'a.jsonl')}: 1,234 lines, the first is 1: is not JSON`,
      `  ${join(logs, 'b.jsonl')}:1 is JSON, but not an object`,
      `  ${join(logs, 'b.jsonl')}:2 is not JSON`,
      '',
    ]);
  });

  it('a dry run prints the events and sends nothing', async () => {
    const { out, err } = await run('dry', folder, '--dry-run');
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ type }) => type)).toContain('run.completed');
    expect(err).toMatch(/\d events, nothing sent/);
    expect(await rows('dry', 'select count(*)::int as events from events')).toEqual([{ events: 0 }]);
  });

  it('leaves out what is older than asked', async () => {
    const { out } = await run('since', folder, '--dry-run', '--since', new Date(START + 1).toISOString());
    expect(out).not.toContain('p1');
    expect((await run('since', folder, '--dry-run', '--since', '365d')).out).toContain('p1');
    await expect(run('since', folder, '--since', 'yesterday')).rejects.toThrow('must be like 2026-01-31');
  });

  it('leaves out with a run what its subagents did later', async () => {
    const project = join(folder, 'since');
    mkdirSync(join(project, SESSION, 'subagents'), { recursive: true });
    const write = (name: string, lines: Members[]) =>
      writeFileSync(join(project, name), lines.map((line) => JSON.stringify(line)).join('\n'));
    const [first, second] = [user('p1', 0, 'go'), user('p2', 100, 'again')];
    write(`${SESSION}.jsonl`, [first, agent('a1', 1, 'm1', 'tool'), second, agent('a2', 101, 'm2', 'tool')]);
    const side = [agent('s1', 60, 'm3', 'text'), agent('s2', 102, 'm4', 'text')];
    write(
      join(SESSION, 'subagents', 'agent-1.jsonl'),
      side.map((line) => ({ ...line, isSidechain: true })),
    );
    const { out } = await run('since', project, '--dry-run', '--since', new Date(START + 50_000).toISOString());
    const ids = [...out.matchAll(/"(?:runId|callId)":"(\w+)"/g)].map(([, id]) => id);
    expect(new Set(ids)).toEqual(new Set(['p2', 'm2', 'm4']));
  });

  it('a path that does not exist ends it with one line', async () => {
    await expect(run('nowhere', join(folder, 'none'))).rejects.toThrow(/none does not exist/);
  });

  it('leaves out what is no file, such as a pipe that would never end, and says so', async () => {
    const pipes = join(folder, 'pipes');
    mkdirSync(pipes);
    const pipe = join(pipes, 'pipe.jsonl');
    execFileSync('mkfifo', [pipe]);
    symlinkSync(pipe, join(pipes, 'link.jsonl'));
    symlinkSync(join(folder, `${SESSION}.jsonl`), join(pipes, 'session.jsonl'));
    const { out } = await run('pipes', pipes);
    expect(out).toContain('link.jsonl is not a file');
    expect(out).toContain('pipe.jsonl is not a file');
    expect(await rows('pipes', 'select count(*)::int as runs from runs')).toEqual([{ runs: 1 }]);
    await expect(run('pipes', pipe)).rejects.toThrow(/pipe\.jsonl is neither a file nor a folder/);
  });
});

describeWithData('the public transcripts through the service', () => {
  it('give the totals of their README, in any order of the growing states', async () => {
    const totals = `select regexp_replace(model, '^claude-|-[0-9]{8}$', '', 'g') as model, count(*)::int as calls,
        sum(input_tokens - cache_read_tokens - cache_write_tokens)::int as input, sum(output_tokens)::int as output,
        sum(cache_write_tokens)::int as written, sum(cache_read_tokens)::int as read
      from llm_calls group by 1 order by 1`;
    const grown = [{ model: 'opus-4-6', calls: 30, input: 40, output: 6804, written: 29253, read: 1151754 }];
    for (const order of [
      [3, 0, 2, 1],
      [0, 1, 2, 3],
      [2, 2, 3, 1],
    ]) {
      const org = `growing-${order.join('')}`;
      for (const state of order) await run(org, join(DATA, `growing-session/state-${state}.jsonl`));
      expect(await rows(org, totals)).toEqual(grown);
      expect(await rows(org, RUNS)).toHaveLength(5);
    }
    const { out } = await run('all', DATA, '--json');
    expect(JSON.parse(out)).toMatchObject({ rejected: 0 });
    expect((await rows('all', totals)).map((row) => Object.values(row as object).join(' '))).toEqual([
      'haiku-4-5 32 164 87 143644 799658',
      'opus-4 6 26 116 60011 41861',
      'opus-4-1 5 24 596 53929 61073',
      'opus-4-5 59 447 7095 258085 2994015',
      'opus-4-6 188 1545 43066 291879 16692302',
      'opus-5 1 10 5 0 0',
      'sonnet-4 3 15 944 20793 39197',
      'sonnet-4-5 4 34 11 56698 152951',
      'sonnet-5 1 0 0 0 0',
    ]);
    expect(await rows('all', `select count(*)::int as n from runs where status = 'IN_FLIGHT' or hidden`)).toEqual([
      { n: 0 },
    ]);
  });
});
