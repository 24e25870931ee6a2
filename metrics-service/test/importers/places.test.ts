import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ImportedEvent } from '../../src/importers/events.js';
import { fold, runsOf } from './fold.js';
import { runImport } from './import.js';
import { TURN, toBytes } from './rollouts.js';
import { agent, type Members, record, user } from './transcripts.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'places-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const lines = (...records: Members[]): string => records.map((one) => `${JSON.stringify(one)}\n`).join('');
const session = (name: string): string =>
  lines(
    user(`${name}-p`, 0, 'go', { sessionId: name }),
    agent(`${name}-a`, 1, `${name}-m`, 'text', [1, 1], { sessionId: name }),
  );

/** zstd is a compressor of its own, so that what is read was not written by the same library. */
function compress(path: string): void {
  execFileSync('zstd', ['-q', '--rm', join(root, path)]);
}
const hasZstd = ((): boolean => {
  try {
    execFileSync('zstd', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

async function dryRun(format: string, paths: string[], environment: Record<string, string> = {}) {
  const service = { address: 'http://127.0.0.1:1' };
  const { out, err } = await runImport(service, '', format, ['--dry-run', ...paths], environment);
  const events = out.split('\n').filter(Boolean);
  return { folded: fold(events.map((line) => JSON.parse(line) as ImportedEvent)), err };
}

describe('where transcripts lie', () => {
  it('links are followed, also in a circle, and each real folder and file counts once', async () => {
    write('real/x/s1.jsonl', session('s1'));
    write('elsewhere/s2.jsonl', session('s2'));
    write('d/own/s3.jsonl', session('s3'));
    symlinkSync('../real/x', join(root, 'd/-w-shop'));
    symlinkSync('..', join(root, 'd/loop'));
    symlinkSync('own', join(root, 'd/a-link-before-own'));
    symlinkSync('../elsewhere/s2.jsonl', join(root, 'd/s2.jsonl'));
    const { folded, err } = await dryRun('claude-code', [join(root, 'd')]);
    expect([...folded.runs.keys()].sort()).toEqual(['s1-p', 's2-p', 's3-p']);
    expect(err).toContain('3 files, 3 sessions, 3 runs');
  });

  it('CLAUDE_CONFIG_DIR is a list of folders, of which not all need be there', async () => {
    write('c1/projects/x/s1.jsonl', session('s1'));
    write('c2/projects/y/s2.jsonl', session('s2'));
    write('c2/elsewhere/s3.jsonl', session('s3'));
    const list = ['c1', 'none', 'c2'].map((name) => join(root, name)).join(' , ');
    const { folded } = await dryRun('claude-code', [], { CLAUDE_CONFIG_DIR: list });
    expect([...folded.sessions.keys()].sort()).toEqual(['s1', 's2']);
    await expect(dryRun('claude-code', [], { CLAUDE_CONFIG_DIR: join(root, 'none') })).rejects.toThrow(
      `there is no folder ${join(root, 'none', 'projects')}: name one`,
    );
  });

  it('CODEX_HOME has sessions and archived sessions, and a rollout that lies in both counts once', async () => {
    write('h/sessions/2026/03/01/rollout-a.jsonl', toBytes(TURN));
    write('h/archived_sessions/rollout-a.jsonl', toBytes(TURN));
    const { folded } = await dryRun('codex', [], { CODEX_HOME: join(root, 'h') });
    expect([folded.runs.size, folded.calls.size]).toEqual([1, 2]);
  });

  it.each(['claude-code', 'codex'])('a file of which nothing was used is named with the reason: %s', async (format) => {
    write('a.jsonl', lines(record('file-history-snapshot', 'x', 0), { type: 'novelty' }));
    write('b.jsonl', format === 'codex' ? session('s1') : toBytes(TURN));
    write('c.jsonl', '');
    write('d.jsonl', format === 'codex' ? toBytes(TURN) : session('s1'));
    const { err } = await dryRun(format, [root]);
    const said = err.slice(err.indexOf('3 files could not be read:')).split('\n').slice(1, 4).sort();
    const tools = format === 'codex' ? ['Codex', 'transcript of Claude Code'] : ['Claude Code', 'rollout of Codex'];
    expect(said[0]).toBe(
      `  ${join(root, 'a.jsonl')} holds nothing that ${tools[0]} did, only records of type file-history-snapshot, novelty`,
    );
    expect(said[1]).toContain(tools[1]);
    expect(said[2]).toBe(`  ${join(root, 'c.jsonl')} is empty`);
  });
});

(hasZstd ? describe : describe.skip)(`compressed transcripts${hasZstd ? '' : ' (zstd is not installed)'}`, () => {
  it('are read like others, and both forms of one file count once', async () => {
    write('sessions/rollout-a.jsonl', toBytes(TURN));
    write('claude/s1.jsonl', session('s1'));
    const plain = await dryRun('codex', [join(root, 'sessions')]);
    compress('sessions/rollout-a.jsonl');
    compress('claude/s1.jsonl');
    expect((await dryRun('codex', [join(root, 'sessions')])).folded).toEqual(plain.folded);
    write('sessions/rollout-a.jsonl', toBytes(TURN));
    expect((await dryRun('codex', [join(root, 'sessions')])).folded).toEqual(plain.folded);
    expect(runsOf((await dryRun('claude-code', [join(root, 'claude')])).folded)).toEqual([
      's1-p 12:00:00-12:00:01 SUCCEEDED',
    ]);
  });

  it('of many frames, cut off or none at all: what can be is read, and the rest named', async () => {
    const [first, second] = [session('s1'), session('s2')];
    const packed = [first, second].map((text) => execFileSync('zstd', ['-qc'], { input: text }));
    write('many.jsonl.zst', Buffer.concat(packed));
    expect([...(await dryRun('claude-code', [root])).folded.sessions.keys()]).toEqual(['s1', 's2']);
    write('many.jsonl.zst', Buffer.concat([packed[0]!, packed[1]!.subarray(0, 20)]));
    const cut = await dryRun('claude-code', [root]);
    expect([...cut.folded.sessions.keys()]).toEqual(['s1']);
    expect(cut.err).toMatch(/1 file could not be read:\n {2}.*many\.jsonl\.zst cannot be unpacked: /);
    write('many.jsonl.zst', session('s1'));
    expect((await dryRun('claude-code', [root])).err).toMatch(/many\.jsonl\.zst cannot be unpacked: /);
  });
});

describe('whose transcripts they are', () => {
  it('an e-mail is an id in lower case, however it was typed', async () => {
    write('s1.jsonl', session('s1'));
    const { folded } = await dryRun('claude-code', ['--user', 'Ann@Example.com', root]);
    expect([...folded.users.values()]).toMatchObject([{ userId: 'ann@example.com', email: 'ann@example.com' }]);
    expect(folded.runs.get('s1-p')).toMatchObject({ userId: 'ann@example.com' });
    expect((await dryRun('claude-code', ['--user', 'Ann', root])).folded.runs.get('s1-p')?.userId).toBe('Ann');
  });
});
