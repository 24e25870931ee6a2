import {
  expect,
  test as base,
  type APIRequestContext,
  type APIResponse,
  type Locator,
  type Page,
} from '@playwright/test';

/** What the setup has started. */
export const GRAFANA = (path: string): string => `${process.env.GRAFANA_URL}${path}`;

const credentials = Buffer.from(`admin:${process.env.GRAFANA_PASSWORD ?? 'admin'}`).toString('base64');

/** Tests with a page that is signed in, and that fail when the page throws or Grafana answers with an error. */
export const test = base.extend<{ faults: string[]; grafana: void }>({
  grafana: [
    async ({ browserName }, use, testInfo) => {
      testInfo.skip(!process.env.GRAFANA_URL, `there is no Grafana for ${browserName} to open`);
      await use();
    },
    { auto: true },
  ],
  extraHTTPHeaders: { Authorization: `Basic ${credentials}` },
  faults: [
    async ({ page }, use) => {
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('response', (response) => {
        // Grafana's catalogue of plugins is not part of it
        if (response.status() >= 400 && !response.url().includes('/api/gnet/'))
          faults.push(`${response.status()} ${response.url()}`);
      });
      await use(faults);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});
export { expect };

interface Open {
  readonly query?: Readonly<Record<string, string>>;
}

/** Opens a board without menus, and waits until all its panels have their data. */
export async function openBoard(page: Page, uid: string, { query = {} }: Open = {}): Promise<void> {
  const answered = page.waitForResponse((response) => response.url().includes('/api/ds/query'));
  await page.goto(GRAFANA(`/d/${uid}?${new URLSearchParams({ kiosk: 'true', ...query }).toString()}`));
  await answered;
  await settled(page);
}

/** Waits until nothing is loading. */
export async function settled(page: Page): Promise<void> {
  await expect(page.getByTestId('data-testid RefreshPicker run button')).toHaveText('Refresh');
  await page.waitForLoadState('networkidle');
  await expect(page.getByLabel('Panel loading bar')).toHaveCount(0);
}

/** The panel with that id. */
export function panel(page: Page, id: number): Locator {
  return page.locator(`[data-viz-panel-key="panel-${id}"]`);
}

/** The same; a row that is folded, whose panels ask when it is opened, is opened for it. */
export async function unfolded(page: Page, id: number): Promise<Locator> {
  const found = panel(page, id);
  if ((await found.count()) === 0) await page.getByRole('button', { name: 'Expand row' }).first().click();
  return found;
}

/** What an answer holds. @throws what it says if it is a refusal */
export async function contentOf<T = unknown>(answer: APIResponse): Promise<T> {
  if (!answer.ok()) throw new Error(`${answer.url()} answered ${answer.status()}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Asks the service of the tests. */
export async function askService(request: APIRequestContext, path: string, data: unknown): Promise<unknown> {
  const answer = await request.post(`${process.env.RUNBOARD_URL}${path}`, {
    headers: { Authorization: `Bearer ${process.env.RUNBOARD_TOKEN}`, 'Content-Type': 'application/json' },
    data: JSON.stringify(data),
  });
  return contentOf(answer);
}
