import { fileURLToPath } from 'node:url';
import { tellingSession } from './support/demo.js';
import { openBoard, test } from './support/grafana.js';

const FOLDER = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));

const PICTURES = [
  { file: 'overview-dark', uid: 'runboard-overview', theme: 'dark', height: 1280 },
  { file: 'overview-light', uid: 'runboard-overview', theme: 'light', height: 1280 },
  { file: 'sessions-dark', uid: 'runboard-sessions', theme: 'dark', height: 900 },
  { file: 'session-dark', uid: 'runboard-session', theme: 'dark', height: 1280 },
  { file: 'agents-dark', uid: 'runboard-agents', theme: 'dark', height: 1000 },
  { file: 'cost-dark', uid: 'runboard-cost', theme: 'dark', height: 1280 },
  { file: 'performance-dark', uid: 'runboard-performance', theme: 'dark', height: 1280 },
  { file: 'budgets-dark', uid: 'runboard-budgets', theme: 'dark', height: 900 },
  { file: 'compare-dark', uid: 'runboard-compare', theme: 'dark', height: 1280 },
];

// npm run pictures: the pictures of the boards in README and docs, from the demo
for (const { file, uid, theme, height } of PICTURES) {
  test(file, async ({ page, request }) => {
    await page.setViewportSize({ width: 1440, height });
    const query = { theme, 'var-session': await tellingSession(request), 'var-sort': 'total_cost' };
    await openBoard(page, uid, { query });
    // icons and canvases come after the data
    await page.waitForTimeout(2000);
    await page.screenshot({ path: `${FOLDER}${file}.png` });
  });
}
