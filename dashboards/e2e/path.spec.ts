import type { Page } from '@playwright/test';
import { oddSession, type Answer } from './support/demo.js';
import { expect, openBoard, panel, settled, test } from './support/grafana.js';

const RANGE = { from: 'now-6d/d', to: 'now' };

/** The board that is open, and its variables that are not at everything. */
function where(page: Page): { board: string; set: Record<string, string> } {
  const { pathname, searchParams } = new URL(page.url());
  const entries = [...searchParams].filter(([name, value]) => /^(var-|from|to)/.test(name) && value !== '$__all');
  return { board: pathname.split('/').at(-1)!, set: Object.fromEntries(entries) };
}

/** Grafana writes a range in milliseconds or in ISO 8601. */
function instant(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text);
}

/** The first cell of a line of a CSV file. */
function firstCell(line: string): string {
  const [, quoted, plain] = /^(?:"((?:[^"]|"")*)"|([^,]*))/.exec(line)!;
  return quoted?.replaceAll('""', '"') ?? plain!;
}

/** Waits until that board is open, with these variables, and has its data. */
async function arrived(page: Page, board: string, set: Readonly<Record<string, string>>): Promise<void> {
  await expect(() => expect(where(page)).toMatchObject({ board, set })).toPass({ timeout: 60_000 });
  await settled(page);
}

test('overview, sessions, session, run, and back: range and filters go along', async ({ page, request }) => {
  const odd = await oddSession(request);
  const filters = { 'var-team': odd, 'var-repo': odd };
  await openBoard(page, 'runboard-overview', { query: { ...RANGE, ...filters } });

  await panel(page, 22).getByRole('link', { name: odd }).click();
  await arrived(page, 'runboard-sessions', { ...RANGE, ...filters, 'var-user': odd });

  await panel(page, 2).getByRole('link', { name: odd }).first().click();
  await arrived(page, 'runboard-session', { ...RANGE, ...filters, 'var-user': odd, 'var-session': odd });
  await expect(page.getByPlaceholder('Enter value')).toHaveValue(odd);
  await expect(panel(page, 5)).toContainText('succeeded after 10m');

  await panel(page, 6).getByRole('link', { name: odd }).click();
  await arrived(page, 'runboard-session', { ...RANGE, ...filters, 'var-session': odd, 'var-run': odd });
  await expect(panel(page, 13)).toContainText('10m');
  await panel(page, 13).getByRole('link', { name: /:\d\d/ }).click();
  const length = () => instant(where(page).set.to!) - instant(where(page).set.from!);
  await expect.poll(length, { timeout: 60_000 }).toBe(10 * 60_000);
  await page.goBack();
  await settled(page);
  await panel(page, 13).getByRole('link', { name: odd }).click();
  await expect(panel(page, 13)).toContainText('no run is chosen');

  await page.getByTestId('data-testid Dashboard link').filter({ hasText: 'Sessions' }).click();
  await arrived(page, 'runboard-sessions', { ...RANGE, ...filters, 'var-user': odd });
  await page.getByTestId('data-testid Dashboard link').filter({ hasText: 'Overview' }).click();
  await arrived(page, 'runboard-overview', { ...RANGE, ...filters, 'var-user': odd });
});

test('a card leads to the sessions behind it', async ({ page }) => {
  await openBoard(page, 'runboard-overview', { query: RANGE });
  await panel(page, 37).getByRole('link').first().click();
  await arrived(page, 'runboard-sessions', { ...RANGE, 'var-local_handoff': 'true' });
});

test('the file has what the table shows, in its order', async ({ page }) => {
  const answered = page.waitForResponse(
    (response) => response.url().includes('/api/ds/query') && !!response.request().postData()?.includes('"sessions"'),
  );
  const query = { ...RANGE, 'var-status': 'FAILED', 'var-sort': 'runs', 'var-rows': '10000' };
  await openBoard(page, 'runboard-sessions', { query });
  const { results } = (await (await answered).json()) as Answer;
  const shown = results.A!.frames[0]!.data.values;
  const link = page.getByTestId('data-testid Dashboard link').filter({ hasText: 'Download as CSV' });
  const file = await page.request.get(new URL((await link.getAttribute('href'))!, page.url()).href);
  expect(file.headers()['content-disposition']).toContain('attachment');
  const [header, ...rows] = (await file.text()).trim().split(/\r?\n/);
  expect(header).toMatch(/^Session,User,User id,/);
  expect(rows.length).toBe(shown[0]!.length);
  expect(rows.map(firstCell)).toEqual(shown[0]);
});
