import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { PANELS } from '../src/boards/fleet.js';
import { expect, openBoard, panel, test } from './support/grafana.js';

const FLEET = fileURLToPath(new URL('../../docs/examples/fleet.mjs', import.meta.url));
/** The example's third run: it is queued, worked at and done some ten seconds after the first. */
const THIRD = /fleet-\d{13}\/3/;

/** Lets the example platform report three runs, and answers when it has. */
async function letThreeRunsPass(): Promise<void> {
  const env = { ...process.env, RUNS: '3', TICK_MS: '250' };
  const [code] = (await once(spawn(process.execPath, [FLEET], { env, stdio: 'inherit' }), 'exit')) as [number | null];
  expect(code).toBe(0);
}

/** Counts what the board asks from now on. */
function questions(page: Page): { count: number } {
  const asked = { count: 0 };
  page.on('request', (request) => {
    if (request.url().includes('/api/ds/query')) asked.count += 1;
  });
  return asked;
}

/** A run of the example comes, and goes to those that have ended. */
async function seesRunsPass(page: Page): Promise<void> {
  const passed = letThreeRunsPass();
  await expect(panel(page, PANELS.live)).toContainText(THIRD);
  await passed;
  await expect(panel(page, PANELS.live)).not.toContainText(THIRD);
  await expect(panel(page, PANELS.ended)).toContainText(THIRD);
}

test('the Fleet board moves by itself, and asks nothing for it', async ({ page }) => {
  await openBoard(page, 'runboard-fleet');
  const asked = questions(page);
  await seesRunsPass(page);
  expect(asked.count).toBe(0);
});

test('where Grafana Live is refused, the Fleet board asks again and again', async ({ page }) => {
  await page.routeWebSocket(/\/api\/live\/ws/, (socket) => socket.close());
  await openBoard(page, 'runboard-fleet');
  const asked = questions(page);
  await seesRunsPass(page);
  expect(asked.count).toBeGreaterThan(0);
});
