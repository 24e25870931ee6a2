import type { Request } from '@playwright/test';
import { asking, BOARDS, findBoard } from '../test/support/boards.js';
import { tellingAgent, tellingRun, tellingSession, tellingWorkItem } from './support/demo.js';
import { expect, openBoard, panel, settled, test, unfolded } from './support/grafana.js';

/** What a panel says that has nothing to show. */
const NOTHING = /No data|Nothing in this range|No runs here|Nothing to show|^Err$|Panel plugin not found/m;

for (const theme of ['dark', 'light']) {
  for (const board of BOARDS) {
    test(`${board.uid}, ${theme}: every panel shows data and no error`, async ({ page, request }) => {
      const session = await tellingSession(request);
      const workItem = await tellingWorkItem(request);
      const run = await tellingRun(request, session);
      const agent = await tellingAgent(request);
      const chosen = { 'var-session': session, 'var-run': run, 'var-work_item': workItem, 'var-agent': agent };
      await openBoard(page, board.uid, { query: { theme, ...chosen, from: 'now-89d/d', to: 'now' } });
      for (const { id, type } of asking(board)) {
        const shown = await unfolded(page, id);
        await shown.scrollIntoViewIfNeeded();
        await settled(page);
        await expect(shown.getByTestId(/Panel status (error|warning)/)).toHaveCount(0);
        await expect(shown).not.toContainText(NOTHING);
        // numbers and rows have digits, charts a canvas
        const isChart = ['timeseries', 'barchart', 'xychart', 'histogram', 'heatmap'].includes(type);
        const drawn = isChart ? shown.locator('canvas') : shown.getByText(/\d/);
        await expect(drawn.first()).toBeVisible();
      }
    });
  }
}

test('the overview asks at most 12 questions for panels and 5 for variables', async ({ page }) => {
  const asked: Request[] = [];
  page.on('request', (request) => asked.push(request));
  await openBoard(page, 'runboard-overview');
  const paths = asked.map((request) => new URL(request.url()).pathname);
  expect(paths.filter((path) => path.includes('/api/ds/query')).length).toBeLessThanOrEqual(12);
  expect(paths.filter((path) => path.includes('/resources/dimensions/')).length).toBeLessThanOrEqual(5);
});

test('the session board without a session says so, and offers the latest ones', async ({ page }) => {
  await openBoard(page, 'runboard-session');
  for (const id of [2, 12]) await expect(panel(page, id)).toContainText('no session is chosen');
  await expect(panel(page, 1)).toContainText('Nothing to show');
  await panel(page, 3).getByRole('link').first().click();
  await settled(page);
  expect(new URL(page.url()).searchParams.get('var-session')).toBeTruthy();
  await expect(panel(page, 5)).toContainText(/Run|Message/);
});

test('the session board says of a session that is not known, and leads to the time of one that is elsewhen', async ({
  page,
}) => {
  await openBoard(page, 'runboard-session', { query: { 'var-session': 'no such one' } });
  await expect(panel(page, 2)).toContainText('session "no such one" is not known here');
  const query = { 'var-session': 'demo-session-5', from: 'now-1h', to: 'now' };
  await openBoard(page, 'runboard-session', { query });
  await panel(page, 2)
    .getByRole('link', { name: /Show it in its own time/ })
    .click();
  await settled(page);
  await expect(panel(page, 6)).toContainText('demo-session-5-run-1');
});

test('a run of the list of runs leads to itself in its session', async ({ page }) => {
  await openBoard(page, 'runboard-runs', { query: { 'var-status': 'FAILED', 'var-first': 'total_cost' } });
  const run = panel(page, 1).getByRole('link', { name: /-run-/ }).first();
  const name = (await run.textContent())!;
  await run.click();
  await settled(page);
  expect(new URL(page.url()).searchParams.get('var-run')).toBe(name);
  await expect(panel(page, 13)).toContainText(name);
});

test('an agent of the list leads to its board, and from there to its runs', async ({ page }) => {
  await openBoard(page, 'runboard-agents');
  const agent = panel(page, 1)
    .getByRole('link', { name: /-[abc]$/ })
    .first();
  const name = (await agent.textContent())!;
  await agent.click();
  await settled(page);
  expect(new URL(page.url()).searchParams.get('var-agent')).toBe(name);
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await settled(page);
  expect(new URL(page.url()).searchParams.get('var-agent')).toBe(name);
  await expect(panel(page, 1).getByRole('link', { name: /-run-/ }).first()).toBeVisible();
});

test('the agent board without an agent says so, and offers those that there are', async ({ page }) => {
  await openBoard(page, 'runboard-agent');
  await expect(panel(page, 1)).toContainText('no agent is chosen');
  await expect(
    panel(page, 7)
      .getByRole('link', { name: /-[abc]$/ })
      .first(),
  ).toBeVisible();
});

test('a phone shows the overview, a panel below the other', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 2600 });
  await openBoard(page, 'runboard-overview');
  const [first, second] = await Promise.all([1, 2].map((id) => panel(page, id).boundingBox()));
  expect(second!.y).toBeGreaterThanOrEqual(first!.y + first!.height);
  expect(first!.width).toBeGreaterThan(340);
  expect(asking(findBoard('runboard-overview')).length).toBeGreaterThan(12);
});
