import type { Page } from '@playwright/test';
import { expect, test, TYPE } from './support';

const datasource = { type: TYPE, uid: 'runboard' };
const QUERY = { refId: 'A', datasource, version: 1, view: 'total' };

/** A dashboard with a variable, ad hoc filters, and a number that takes them and one that does not. */
async function board(page: Page): Promise<string> {
  const panel = (id: number, title: string, target: object) => ({
    ...{ id, title, type: 'stat', datasource, gridPos: { x: 0, y: 8 * id, w: 12, h: 8 } },
    targets: [{ ...QUERY, ...target }],
  });
  const team = {
    ...{ type: 'query', name: 'team', datasource, query: { dimension: 'team', search: '$__searchFilter' }, refresh: 1 },
    ...{ multi: true, includeAll: true, allValue: '*', current: { text: 'All', value: '$__all' } },
  };
  const dashboard = {
    ...{ title: `Tests of the data source ${Date.now()}`, time: { from: 'now-30d', to: 'now' }, schemaVersion: 41 },
    templating: { list: [team, { type: 'adhoc', name: 'filters', datasource }] },
    panels: [
      panel(1, 'Runs', { metrics: ['runs'], filters: { team: ['$team'] } }),
      panel(2, 'Age', { metrics: ['data_age'] }),
    ],
  };
  const made = await page.request.post('/api/dashboards/db', { data: { dashboard } });
  return ((await made.json()) as { uid: string }).uid;
}

/** What the panels of the dashboard ask: the filters of each metric. */
async function asked(page: Page, url: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  page.on('request', (request) => {
    if (!request.url().includes('/api/ds/query')) return;
    const [query] = (request.postDataJSON() as { queries: Array<{ metrics: string[] } & Record<string, unknown>> })
      .queries;
    if (query) found[query.metrics.join()] = [query.filters, query.adhocFilters];
  });
  await page.goto(url);
  await expect.poll(() => Object.keys(found).sort()).toEqual(['data_age', 'runs']);
  return found;
}

test('a variable has the values of the service, and All filters nothing', async ({ page }) => {
  const uid = await board(page);
  expect(await asked(page, `/d/${uid}`)).toMatchObject({ runs: [{}, undefined] });
  await page.getByTestId('data-testid template variable').first().getByRole('combobox').click();
  const options = page.getByRole('option');
  await expect(options.nth(3)).toBeVisible();
  // the last one; Grafana draws of a long list only what fits
  await page.keyboard.press('End');
  await expect(options.filter({ hasText: '(none)' })).toBeVisible();
});

test('several values of a variable are several values of the filter', async ({ page }) => {
  const uid = await board(page);
  expect(await asked(page, `/d/${uid}?var-team=a,b&var-team=(none)`)).toMatchObject({
    runs: [{ team: ['a,b', '(none)'] }, undefined],
  });
});

test('filters of the dashboard hold where they can, and a panel says where not', async ({ page }) => {
  const uid = await board(page);
  const said = page.waitForResponse(
    (one) => one.url().includes('/api/ds/query') && Boolean(one.request().postData()?.includes('data_age')),
  );
  const filter = [{ key: 'team', operator: '=', value: 'nobody' }];
  expect(await asked(page, `/d/${uid}?var-filters=${encodeURIComponent('team|=|nobody')}`)).toMatchObject({
    runs: [{}, filter],
    data_age: [undefined, filter],
  });
  expect(await (await said).text()).toContain('filter on team is left out here');
});

test('the editor of a variable', async ({ variableEditPage, page }) => {
  await variableEditPage.setVariableType('Query');
  await variableEditPage.datasource.set('Runboard');
  await page.getByLabel('Values of', { exact: true }).click();
  await page.getByRole('option', { name: /^Team/ }).click();
  await variableEditPage.runQuery();
  await expect(variableEditPage).toDisplayPreviews(['(none)']);
});

test('annotations mark what happened', async ({ annotationEditPage, page }) => {
  await annotationEditPage.datasource.set('Runboard');
  await page.getByLabel('Marks', { exact: true }).click();
  await page.getByRole('option', { name: 'failed run' }).click();
  await page.keyboard.press('Tab');
  await expect(annotationEditPage.runQuery()).toBeOK();
});
