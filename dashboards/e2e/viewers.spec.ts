import type { APIRequestContext } from '@playwright/test';
import { PANELS } from '../src/boards/fleet.js';
import { askService, expect, openBoard, panel, test } from './support/grafana.js';
import { makeDatasource, signInAdmin, signInViewer, type Person } from './support/people.js';
import { makeToken, revokeToken } from './support/tokens.js';

/** What somebody may see by now is worked out every 10 s; the rest is for drawing it on a busy machine. */
const NARROWED_MS = 15_000;
const FLEET = `v${Date.now()}`;
const TEAMS = { pine: `${FLEET}-pine`, oak: `${FLEET}-oak` };

let told = 0;
function event(type: string, data: object): object {
  told += 1;
  return { specversion: '1.0', source: FLEET, id: String(told), type, time: new Date().toISOString(), data };
}

const mailOf = (name: string): string => `${name}@${FLEET}.example`;

function member(name: string, team: string): object {
  return event('user.upserted', { userId: mailOf(name), name, email: mailOf(name), team });
}

/** A run in a session of theirs, which says that it goes on. */
function run(name: string, number: number): object[] {
  const at = new Date().toISOString();
  const ids = { runId: `${FLEET}/${name}/${number}`, sessionId: `${FLEET}/${name}` };
  return [
    event('session.created', { sessionId: ids.sessionId, createdByUserId: mailOf(name), createdAt: at, repo: FLEET }),
    event('run.started', { ...ids, startedAt: at, agent: name }),
  ];
}

async function tell(request: APIRequestContext, ...events: readonly object[]): Promise<void> {
  await askService(request, '/v1/events', events);
}

/** That these runs are on the board, and that no word of the others ever came to the browser. */
async function sees({ page, heard }: Person, runs: readonly string[], others: readonly string[]): Promise<void> {
  for (const id of runs) await expect(panel(page, PANELS.live)).toContainText(`${FLEET}/${id}`);
  for (const id of others) {
    await expect(panel(page, PANELS.live)).not.toContainText(`${FLEET}/${id}`);
    expect(heard.filter((text) => text.includes(`${FLEET}/${id}`))).toEqual([]);
  }
}

test('people of two teams and an administrator look at the Fleet board at once, and each sees their own part', async ({
  browser,
  request,
}) => {
  test.setTimeout(300_000);
  await tell(request, member('ann', TEAMS.pine), member('pia', TEAMS.pine), member('ben', TEAMS.oak));
  await tell(request, ...run('ann', 1), ...run('pia', 1), ...run('ben', 1));
  const token = makeToken(['read', 'delegate']);
  const uid = await makeDatasource(request, FLEET, token.token);
  const ann = await signInViewer(request, browser, mailOf('ann'));
  const ben = await signInViewer(request, browser, mailOf('ben'));
  const admin = await signInAdmin(browser);
  const query = { 'var-datasource': uid, 'var-repo': FLEET };
  for (const { page } of [ann, ben, admin]) await openBoard(page, 'runboard-fleet', { query });
  await sees(ann, ['ann/1', 'pia/1'], ['ben/']);
  await sees(ben, ['ben/1'], ['ann/', 'pia/']);
  await sees(admin, ['ann/1', 'pia/1', 'ben/1'], []);

  await test.step('what comes in while they look', async () => {
    await tell(request, ...run('ann', 2), ...run('ben', 2));
    await sees(admin, ['ann/2', 'ben/2'], []);
    await sees(ann, ['ann/2'], ['ben/']);
    await sees(ben, ['ben/2'], ['ann/', 'pia/']);
  });

  await test.step('one of them goes to the other team', async () => {
    await tell(request, member('ann', TEAMS.oak));
    await expect(panel(ann.page, PANELS.live)).not.toContainText(`${FLEET}/pia`, { timeout: NARROWED_MS });
    await sees(ann, ['ann/1', 'ben/1', 'ben/2'], []);
    await sees(ben, ['ann/2', 'ben/2'], ['pia/']);
    ann.heard.length = 0;
    await tell(request, ...run('pia', 2), ...run('ben', 3));
    await sees(admin, ['pia/2', 'ben/3'], []);
    await sees(ann, ['ben/3'], ['pia/']);
    await sees(ben, ['ben/3'], ['pia/']);
  });

  await test.step('the token is revoked', async () => {
    revokeToken(token);
    for (const { heard } of [ann, ben, admin]) {
      await expect
        .poll(() => heard.some((text) => text.includes('refuses the token')), { timeout: NARROWED_MS })
        .toBe(true);
      heard.length = 0;
    }
    await tell(request, ...run('ann', 4), ...run('ben', 4));
    // each panel has asked anew since, which it does every 5 s
    for (const { heard } of [ann, ben, admin]) {
      await expect
        .poll(() => heard.filter((text) => text.includes('"id"')).length, { timeout: 60_000 })
        .toBeGreaterThan(6);
      expect(heard.filter((text) => /\/(ann|ben)\/4/.test(text))).toEqual([]);
    }
  });
});
