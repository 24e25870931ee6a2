import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { BOARDS, type Panel } from '../test/support/boards.js';
import { tellingSession } from './support/demo.js';
import { expect, GRAFANA, openBoard, test } from './support/grafana.js';

/** What keeps somebody from reading or using what is inside; what is around it is Grafana's. */
async function graveFaults(page: Page, inside: string, without: readonly string[] = []): Promise<string[]> {
  const axe = new AxeBuilder({ page }).include(inside);
  const { violations } = await without.reduce((built, panel) => built.exclude(panel), axe).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return grave.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/**
 * Panels that have these faults in every board of Grafana 12.4: switches and bars without names in its traces; the green
 * of a change, which has too little contrast on white, and so have the levels of its logs and the states of its alerts.
 */
function isGrafanasFault({ type, options }: Panel): boolean {
  return (
    ['traces', 'alertlist'].includes(type) ||
    Boolean(options && 'showPercentChange' in options && options.showPercentChange)
  );
}

/** The sign of an alert that a panel's rule has is a button without a name. */
const ALERT_SIGN = '[class*=button-panel-header-item]';

for (const theme of ['dark', 'light']) {
  for (const { uid, panels } of BOARDS) {
    const without = panels.filter(isGrafanasFault).map(({ id }) => `[data-viz-panel-key="panel-${id}"] > *`);
    test(`the panels of ${uid}, ${theme}`, async ({ page, request }) => {
      const session = await tellingSession(request);
      await openBoard(page, uid, { query: { theme, 'var-session': session } });
      const drawn = page.locator('[data-viz-panel-key] canvas, [data-viz-panel-key] [role=row]');
      await expect(drawn.filter({ visible: true }).first()).toBeVisible();
      expect(await graveFaults(page, '[data-viz-panel-key]', [...without, '[class*=level-]', ALERT_SIGN])).toEqual([]);
    });
  }

  test(`the query editor, ${theme}`, async ({ page }) => {
    const datasource = { type: 'runboard-metrics-datasource', uid: 'runboard' };
    const asked = {
      view: 'table',
      metrics: ['runs'],
      groupBy: ['team'],
      filters: { repo: ['a'], team: { not: ['b'] } },
    };
    const queries = [{ refId: 'A', datasource, version: 1, ...asked }];
    const panes = JSON.stringify({ p: { datasource: datasource.uid, queries, range: { from: 'now-7d', to: 'now' } } });
    const query = new URLSearchParams({ schemaVersion: '1', orgId: '1', theme, panes });
    await page.goto(GRAFANA(`/explore?${query.toString()}`));
    await expect(page.getByLabel('View', { exact: true })).toBeVisible();
    expect(await graveFaults(page, '[data-testid="query-editor-row"]')).toEqual([]);
  });

  test(`the page of the data source, ${theme}`, async ({ page, request }) => {
    const body = { name: `accessible ${theme}`, type: 'runboard-metrics-datasource', access: 'proxy' };
    const made = await request.post(GRAFANA('/api/datasources'), { data: body });
    const { datasource } = (await made.json()) as { datasource: { uid: string } };
    await page.goto(GRAFANA(`/connections/datasources/edit/${datasource.uid}?theme=${theme}`));
    await expect(page.getByLabel(/^Token/)).toBeVisible();
    expect(await graveFaults(page, 'main form')).toEqual([]);
    await request.delete(GRAFANA(`/api/datasources/uid/${datasource.uid}`));
  });
}
