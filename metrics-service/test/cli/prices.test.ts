import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadPrices } from '../../src/pricing/index.js';
import { runboard } from '../support/command.js';

const folder = mkdtempSync(join(tmpdir(), 'runboard-price-lists-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
};
const model = (input: number, output: number) => ({
  ...{ mode: 'chat', input_cost_per_token: input / 1e6, output_cost_per_token: output / 1e6 },
});
const litellm = file('litellm.json', {
  'claude-opus-4-6': model(5, 25),
  'claude-haiku-4-5': model(2, 10),
  'mystery/one': model(1, 2),
});

describe('runboard prices import', () => {
  it('shows what would change, and writes nothing', async () => {
    const { code, stdout } = await runboard(['prices', 'import', litellm, '--from', '2026-12-01']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/claude-haiku-4-5 +1\/5 +2\/10 /);
    expect(stdout).toMatch(/mystery\/one +– +1\/2/);
    expect(stdout).toContain('Models: 1 cost the same already, 1 changed, 1 added; 0 have no price by tokens');
    expect(stdout).toContain('Nothing was written');
  });

  it('writes a file for RUNBOARD_PRICES', async () => {
    const own = join(folder, 'own.json');
    const args = ['prices', 'import', litellm, '--from', '2026-12-01', '--write', own, '--json', '--only', 'claude'];
    const { code, stdout } = await runboard(args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ known: 1, written: own, changes: [{ model: 'claude-haiku-4-5' }] });
    const prices = loadPrices(own);
    const usage = {
      inputTokens: 1000,
      outputTokens: 0,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      cacheWrite1hTokens: 0,
    };
    const cost = (name: string, atMs: number) => prices.costNanos(name, usage, atMs);
    expect(cost('claude-haiku-4-5', Date.UTC(2026, 10, 30))).toBe(1_000_000n);
    expect(cost('claude-haiku-4-5', Date.UTC(2026, 11, 1))).toBe(2_000_000n);
    expect(cost('mystery/one', Date.UTC(2026, 11, 1))).toBeNull();
    expect(readFileSync(own, 'utf8').endsWith('}\n')).toBe(true);
    const again = await runboard([...args.slice(0, 3), '--only', 'claude'], { RUNBOARD_PRICES: own });
    expect(again.stdout).toMatch(/Models: [12] cost the same already/);
  });

  it.each([
    [['import', join(folder, 'nowhere.json')], 1, 'nowhere.json'],
    [['import', file('empty.json', {})], 1, 'has no model'],
    [['import', litellm, '--from', 'today'], 2, 'must be a date'],
    [['import'], 2, 'missing required argument'],
  ])('%j is refused', async (args, code, message) => {
    const outcome = await runboard(['prices', ...args]);
    expect(outcome).toMatchObject({ code, stderr: expect.stringContaining(message) });
  });
});

describe('runboard prices check', () => {
  it('finds nothing in the built-in ones', async () => {
    expect(await runboard(['prices', 'check'])).toMatchObject({ code: 0, stdout: '' });
  });

  it('says what is hardly meant so', async () => {
    const prices = [{ models: ['m'], input: 1, output: 2, cacheRead: 3 }];
    const own = file('odd.json', { source: 'us', date: '2026-01-01', prices });
    const { code, stdout } = await runboard(['prices', 'check', own]);
    expect([code, stdout]).toEqual([1, '! m: a cache read is dearer than input\n']);
  });
});
