import { test as base, expect } from '@grafana/plugin-e2e';
import type { Page } from '@playwright/test';

export const TYPE = 'runboard-metrics-datasource';

/** The service of the tests, and a token of its demo organization. */
export const SERVICE = { url: process.env.RUNBOARD_URL ?? '', token: process.env.RUNBOARD_TOKEN ?? '' };

const admin = { user: 'admin', password: process.env.GRAFANA_PASSWORD ?? 'admin' };
const credentials = Buffer.from(`${admin.user}:${admin.password}`).toString('base64');

/** Tests with a page that is signed in to the Grafana at GRAFANA_URL. */
export const test = base.extend<{ grafana: void }>({
  grafana: [
    async ({ browserName }, use, testInfo) => {
      testInfo.skip(!process.env.GRAFANA_URL, `there is no Grafana for ${browserName} to open`);
      await use();
    },
    { auto: true },
  ],
  baseURL: process.env.GRAFANA_URL,
  extraHTTPHeaders: { Authorization: `Basic ${credentials}` },
  grafanaAPICredentials: [admin, { scope: 'worker' }],
});
export { expect };

/** Chooses in the field with this label, as one does without a mouse: what is typed narrows the list. */
export async function choose(page: Page, label: string, option: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  await field.focus();
  await field.press('ArrowDown');
  await field.fill(option);
  await page
    .getByRole('option', { name: new RegExp(`^${option}`) })
    .first()
    .click();
  await field.press('Tab');
}

/** Explore with a query over the last 30 days. */
export async function explore(page: Page, query: object): Promise<void> {
  const datasource = { type: TYPE, uid: 'runboard' };
  const queries = [{ refId: 'A', datasource, ...query }];
  const panes = { p: { datasource: datasource.uid, queries, range: { from: 'now-30d', to: 'now' } } };
  await page.goto(`/explore?schemaVersion=1&orgId=1&panes=${encodeURIComponent(JSON.stringify(panes))}`);
  await expect(page.getByLabel('View', { exact: true })).toBeVisible();
}

interface Frame {
  readonly schema: { readonly refId: string; readonly fields: ReadonlyArray<{ labels?: Record<string, string> }> };
  readonly data: { readonly values: readonly unknown[][] };
}

interface Answer {
  readonly results: Record<string, { frames?: Frame[] }>;
}

/** What Grafana's server answers to the query with these members, which this makes it ask. */
export async function answer(page: Page, members: object, act: () => Promise<unknown>): Promise<Frame[]> {
  const said = JSON.stringify(members).slice(1, -1);
  let answered = null as Answer | null;
  const response = page.waitForResponse(async (one) => {
    if (!one.url().includes('/api/ds/query') || !one.request().postData()?.includes(said)) return false;
    // Explore may ask the same once more, and what it asked before has no answer then
    answered = await (one.json() as Promise<Answer>).catch(() => null);
    return answered !== null;
  });
  await act();
  await response;
  const { results } = answered!;
  return Object.values(results).flatMap(({ frames = [] }) => frames);
}

/** A session of the demo that has runs. */
export async function someSession(): Promise<string> {
  const to = Date.now();
  const queries = [{ refId: 'A', view: 'sessions', orderBy: 'runs', limit: 1, from: to - 7 * 86_400_000, to }];
  const answered = await fetch(`${SERVICE.url}/v1/query`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${SERVICE.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ queries }),
  });
  const { results } = (await answered.json()) as { results: { A: { frames: Frame[] } } };
  return String(results.A.frames[0]?.data.values[0]?.[0]);
}
