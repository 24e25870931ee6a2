import type { Locator, Page } from '@playwright/test';
import { oddSession } from './support/demo.js';
import { expect, GRAFANA, test } from './support/grafana.js';

const RANGE = { from: 'now-6d/d', to: 'now' };

/** Explore with a query about that session. */
async function explore(page: Page, session: string, query: object): Promise<void> {
  const datasource = { type: 'runboard-metrics-datasource', uid: 'runboard' };
  const queries = [{ refId: 'A', datasource, version: 1, filters: { session: [session] }, ...query }];
  const panes = JSON.stringify({ p: { datasource: datasource.uid, queries, range: RANGE } });
  await page.goto(GRAFANA(`/explore?${new URLSearchParams({ schemaVersion: '1', orgId: '1', panes }).toString()}`));
}

/** Where a click on the link leads to, in a tab of its own. */
async function followed(page: Page, link: Locator): Promise<{ board: string; set: object; length: number }> {
  const [opened] = await Promise.all([page.waitForEvent('popup'), link.click()]);
  await expect(opened.getByText('Runboard session').first()).toBeVisible();
  const { pathname, searchParams } = new URL(opened.url());
  const set = Object.fromEntries(
    [...searchParams].filter(([name]) => /^var-(session|run|user|datasource)$/.test(name)),
  );
  const [from, to] = ['from', 'to'].map((name) => {
    const text = searchParams.get(name)!;
    return /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  });
  return { board: pathname.split('/')[2]!, set, length: to! - from! };
}

test('in Explore, runs, sessions and users lead to their boards, whatever their ids are made of', async ({
  page,
  request,
}) => {
  const odd = await oddSession(request);
  await explore(page, odd, { view: 'runs' });
  const links = page.getByRole('row').filter({ hasText: 'Succeeded' }).first().getByRole('link', { name: odd });
  await expect(links).toHaveCount(3);
  const run = await followed(page, links.nth(0));
  expect(run).toMatchObject({ board: 'runboard-session', set: { 'var-session': odd, 'var-run': odd } });
  const session = await followed(page, links.nth(1));
  expect(session).toMatchObject({
    board: 'runboard-session',
    set: { 'var-session': odd, 'var-datasource': 'runboard' },
  });
  const user = await followed(page, links.nth(2));
  expect(user).toMatchObject({ board: 'runboard-sessions', set: { 'var-user': odd, 'var-datasource': 'runboard' } });
});

test('in Explore, a span leads to its minutes on the board of the session', async ({ page, request }) => {
  const odd = await oddSession(request);
  await explore(page, odd, { view: 'timeline' });
  const link = page.getByRole('link', { name: /^Show this alone/ });
  const run = await followed(page, link.nth(1));
  expect(run).toMatchObject({ board: 'runboard-session', set: { 'var-session': odd }, length: 10 * 60_000 });
});
