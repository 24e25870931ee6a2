import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createToken } from '../../src/access/tokens.js';
import { inProcess } from '../support/in-process.js';
import { testService, type TestService } from '../support/service.js';

const NOW = Date.parse('2026-06-30T12:00:00Z');
let service: TestService;
let folder: string;
let made = 0;
const runboard = inProcess(NOW, () => service.url);

beforeAll(async () => {
  service = await testService({ clock: () => NOW });
  folder = await mkdtemp(join(tmpdir(), 'runboard-budget-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await service.stop();
});

async function file(text: string): Promise<string> {
  const path = join(folder, `${(made += 1)}.yaml`);
  await writeFile(path, text);
  return path;
}

/** An organization with a run that cost 30, and one in May that cost 8. */
async function organization(): Promise<string> {
  const orgId = `org-${(made += 1)}`;
  const token = await service.organization(orgId);
  const ran = (runId: string, time: string, costUsd: number): object[] => [
    {
      ...{ specversion: '1.0', source: 's', id: `${runId}s`, type: 'run.started', time },
      data: { runId, sessionId: 's', startedAt: time },
    },
    {
      ...{ specversion: '1.0', source: 's', id: `${runId}e`, type: 'run.completed', time },
      data: { runId, completedAt: time, status: 'SUCCEEDED', costUsd },
    },
  ];
  await service.accept(token, [...ran('may', '2026-05-10T09:00:00Z', 8), ...ran('june', '2026-06-29T09:00:00Z', 30)]);
  return orgId;
}

async function audited(orgId: string): Promise<{ actor: string; action: string; details: unknown }[]> {
  return JSON.parse((await runboard('audit', '--org', orgId, '--json')).out);
}

describe('runboard budget', () => {
  it('sets, lists, changes and deletes one, and writes to the audit log', async () => {
    const org = ['--org', await organization()];
    const set = ['budget', 'set', 'core', '--period', 'month', '--name', 'Core', ...org];
    expect((await runboard(...set, '--limit', '40')).out).toBe(
      '+ core: $40.00 per month, the whole organization; warn from 75%, near from 95%\n',
    );
    expect((await runboard(...set, '--limit', '40.0')).out).toBe('core is set like that already\n');
    const changed = await runboard(...set, '--limit', '40.000000001', '--filter', 'model!=x', '--threshold', '0.5');
    expect(changed.out).toBe(
      '~ core: limit $40.00 → $40.000000001, filters the whole organization → model!=x, thresholds warn from 75%, near from 95% → warn from 50%\n',
    );
    const { rows } = JSON.parse((await runboard('budget', 'list', ...org, '--json')).out) as { rows: object[] };
    expect(rows).toMatchObject([
      { budget: 'core', name: 'Core', limit: 40.000000001, spent: 30, state: 'warn', warn_from: 0.5, near_from: null },
    ]);
    const listed = await runboard('budget', 'list', 'Core', ...org);
    expect(listed.out).toMatch(/Budget +Name +Per .*\n[^]*core +Core +month /);
    expect((await runboard('budget', 'delete', 'other', ...org)).message).toMatch(/^other is no budget of org-/);
    expect((await runboard('budget', 'delete', 'core', ...org)).out).toBe(
      '- core: $40.000000001 per month, model!=x; warn from 50%\n',
    );
    expect(JSON.parse((await runboard('budget', 'list', ...org, '--json')).out)).toMatchObject({ rows: [] });
  });

  it('tells what was changed today, from what, and the audit log by whom', async () => {
    const org = ['--org', await organization()];
    const set = ['budget', 'set', 'core', '--period', 'month', '--name', 'Core', ...org];
    await runboard(...set, '--limit', '40');
    await runboard(...set, '--limit', '50', '--filter', 'user!=ann@example.com');
    await runboard('budget', 'delete', 'core', ...org);
    const changed = (await audited(org[1]!)).filter(({ action }) => action === 'budgets changed');
    expect(changed.map(({ actor, details }) => [actor, details])).toEqual([
      ['tester@test', { budgets: [{ budget: 'core', is: 'deleted', before: '$50.00 per month' }] }],
      [
        'tester@test',
        {
          budgets: [
            {
              budget: 'core',
              is: 'changed',
              before: '$40.00 per month',
              limit: '$50.00 per month',
              others: ['filters'],
            },
          ],
        },
      ],
      ['tester@test', { budgets: [{ budget: 'core', is: 'set', limit: '$40.00 per month' }] }],
    ]);
    await runboard('budget', 'set', 'day', '--period', 'day', '--limit', '1', ...org);
    const { out } = await runboard('budget', 'history', 'Core', '--to', '2026-07-01', '--last', '7d', ...org);
    expect(out.split('\n').slice(-5, -1)).toEqual([
      'When              Change                Limit',
      '2026-06-30 12:00  Budget ended: Core    $50.00 per month by runboard:cli',
      '2026-06-30 12:00  Budget changed: Core  $50.00 per month, before: $40.00 per month by runboard:cli',
      '2026-06-30 12:00  Budget set: Core      $40.00 per month by runboard:cli',
    ]);
    const all = JSON.parse((await runboard('budget', 'history', '--to', '2026-07-01', ...org, '--json')).out);
    expect(all.changes.map(({ budget }: { budget: string }) => budget).sort()).toEqual(['core', 'core', 'core', 'day']);
  });

  it('has no window in the list, which is of now, and knows who is not there', async () => {
    const org = ['--org', await organization()];
    const empty = await runboard('budget', 'list', ...org);
    expect(empty.out).toBe(`${org[1]}  as of 2026-06-30 12:00  UTC\n\nnothing now\n`);
    expect(empty.err).toMatch(/^\nnote: no budget is set here/);
    expect(await runboard('budget', 'list', 'nosuch', ...org)).toMatchObject({
      ...{ code: 1, out: '', message: 'no budget of that name is set, or yours to see' },
    });
  });

  it.each([
    [
      ['--limit', '25000', '--threshold', '0.57', '--threshold', '.57'],
      '$25,000 per day, the whole organization; warn from 57%',
    ],
    [
      ['--limit', '.5', '--threshold', '1.5', '--threshold', '1'],
      '$0.50 per day, the whole organization; no warning below the limit',
    ],
  ])('says what its thresholds are for: %j', async (flags, said) => {
    const set = ['budget', 'set', 'b', '--period', 'day', '--org', await organization()];
    expect((await runboard(...set, ...flags)).out).toBe(`+ b: ${said}\n`);
  });

  it('warns of a filter on what is not known here, and lets it stand', async () => {
    const org = ['--org', await organization()];
    const set = ['budget', 'set', 'b', '--limit', '1', '--period', 'day', ...org];
    const fault =
      'warning: budget "b": the filter on team matches nothing: no team "core" is known here. Check how it is written\n';
    const said = await runboard(...set, '--filter', 'team=core', '--filter', 'status=SUCCEEDED');
    expect(said).toMatchObject({ code: 0, out: expect.stringMatching(/^\+ b: /), err: `\n${fault}` });
    const path = await file('- { id: b, limit: 1, period: day, filters: { team: core, status: SUCCEEDED } }');
    expect(await runboard('budget', 'apply', path, ...org)).toMatchObject({ code: 0, err: `\n${fault}` });
    expect((await runboard('budget', 'list', ...org)).err).toBe(`\n${fault}`);
    // known, but not today; and whatever is not that
    for (const filter of ['status=SUCCEEDED', 'team!=core'])
      expect((await runboard(...set, '--filter', filter)).err).toBe('');
  });

  it('tells of past periods', async () => {
    const orgId = await organization();
    const { token } = await createToken(service.database, orgId, { name: 'admin', scopes: ['admin'] });
    await service.accept(token, [
      {
        ...{ specversion: '1.0', source: 'terraform', id: 'b', type: 'budget.set', time: '2026-05-02T00:00:00Z' },
        data: { budgetId: 'b', limitUsd: 10, period: 'month' },
      },
    ]);
    const { out } = await runboard('budget', 'history', '--last', '90d', '--org', orgId, '--json');
    expect(JSON.parse(out)).toMatchObject({
      rows: [{ budget: 'b', limit: 10, spent: 8, use: 0.8, state: 'warn', changed_by: 'terraform' }],
    });
  });

  it.each([
    [['--limit', '0', '--period', 'month'], /^the budget: limit must be US dollars above 0.*, not "0"$/],
    [['--limit', '$40', '--period', 'month'], /^the budget: limit must be US dollars above 0.*, not "\$40"$/],
    [['--limit', '1,000', '--period', 'x'], /limit must be .*, not "1,000"; the budget: period "x" is not one of/],
    [['--limit', '0.0000000000001', '--period', 'day'], /limit must be at least 0.000000001 US dollars, not "0.0/],
    [['--limit', '1', '--period', 'year'], /^the budget: period "year" is not one of day, week, month/],
    [['--limit', '1', '--period', 'day', '--threshold', 'x'], /^the budget: thresholds/],
    [['--limit', '1', '--period', 'day', '--filter', 'tool=Bash'], /^the budget: filters: "tool" is no filter of runs/],
    [['--period', 'day'], /required option '--limit <usd>' not specified/],
  ])('refuses %j', async (flags, message) => {
    expect((await runboard('budget', 'set', 'b', ...flags, '--org', 'nowhere')).message).toMatch(message);
  });
});
