import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

async function organization(): Promise<string> {
  const orgId = `org-${(made += 1)}`;
  await service.organization(orgId);
  return orgId;
}

describe('runboard budget apply', () => {
  const FILE = `
budgets:
  - { id: core, name: Core, limit: 40, period: month, filters: { team: [core, apps] } }
  - id: all
    limit: 12.5
    period: day
`;

  it('shows the difference, asks, and is done when it is done', async () => {
    const org = ['--org', await organization()];
    const path = await file(FILE);
    const asked = await runboard('budget', 'apply', path, ...org);
    expect([asked.message, asked.out]).toEqual([
      expect.stringContaining('add --yes'),
      '+ core: $40.00 per month, team=apps,core; warn from 75%, near from 95%\n+ all: $12.50 per day, the whole organization; warn from 75%, near from 95%\n',
    ]);
    expect((await runboard('budget', 'apply', path, ...org, '--yes')).out).toMatch(/\n2 budgets changed in org-\d+\n$/);
    expect((await runboard('budget', 'apply', path, ...org)).out).toMatch(/^0 budgets changed/);
  });

  it('changes what differs, and leaves or deletes what the file does not name', async () => {
    const org = ['--org', await organization()];
    await runboard('budget', 'apply', await file(FILE), ...org, '--yes');
    const other = await file(
      '[{"id": "core", "limit": "40", "period": "week", "filters": {"team": ["apps", "core"]}}]',
    );
    const changed = await runboard('budget', 'apply', other, ...org, '--yes');
    expect(changed.out).toMatch(
      /^~ core: name Core → \(none\), period month → week\n1 budget changed in org-\d+\nnot in the file, and left as they are: all\n$/,
    );
    expect((await runboard('budget', 'apply', other, ...org, '--prune', '--yes')).out).toMatch(
      /^- all: \$12.50 per day/,
    );
    // set again, it holds although it was deleted at the same moment
    await runboard('budget', 'apply', await file(FILE), ...org, '--yes');
    expect((await runboard('budget', 'apply', await file(FILE), ...org)).out).toMatch(/^0 budgets changed/);
  });

  it.each([
    ['a: [', /^the file is no YAML: .* at line 1, column 5$/],
    ['budgets: []\nbudgets: []', /^the file is no YAML: Map keys must be unique at line 2, column 1$/],
    ['{"budgets": []', /^the file is no YAML: .* at line 1/],
    ['prune: true\nbudgets: []', /^the file has "prune" beside `budgets`/],
    [
      '- { limit: .inf, period: year }\n- { id: a, limit: 1, period: day, thresholds: 0.5, team: x }\n- { id: b, limit: 1e-13, period: day, thresholds: 0.5 }',
      /^budget 1: id is required; budget 1: limit must be US dollars above 0, .*, not Infinity; budget 1: period "year" is not .*; budget 2 has "team": .*; budget 3: limit must be at least 0.000000001 US dollars, not 1e-13; budget 3: thresholds must be a list$/,
    ],
    ['a: 1', /^the file must be a list of budgets/],
    ['- 1', /^budget 1 is no mapping/],
    ['- { id: a, limit: 1, period: day, team: core }', /^budget 1 has "team": it takes id, name, limit/],
    ['- { limit: 1, period: day }', /^budget 1: id is required$/],
    ['- { id: a, limit: 1, period: day, thresholds: [high] }', /^budget 1: thresholds.0 must be a number above 0/],
    ['- { id: 7, limit: 1, period: day }', /^budget 1: id must be a text \(in quotes/],
    ['- { id: a, limit: 1, period: day, filters: [x] }', /^budget 1: filters must be a mapping$/],
    ['- { id: a, limit: 1, period: day }\n- { id: a, limit: 2, period: day }', /^budget "a" stands there twice/],
  ])('refuses %j', async (text, message) => {
    expect((await runboard('budget', 'apply', await file(text))).message).toMatch(message);
  });

  it('says why a file cannot be read', async () => {
    const why = async (path: string): Promise<string> => (await runboard('budget', 'apply', path)).message;
    expect(await why(folder)).toBe(`${folder} cannot be read: it is a folder`);
    expect(await why(join(folder, 'none'))).toMatch(/none cannot be read: there is no such file$/);
  });
});
