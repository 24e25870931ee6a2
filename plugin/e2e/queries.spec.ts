import { answer, choose, expect, explore, someSession, test } from './support';

for (const [view, title] of [
  ['total', 'Total'],
  ['table', 'Table'],
  ['sessions', 'Sessions list'],
  ['runs', 'Runs list'],
  ['handoffs', 'Handoffs list'],
  ['annotations', 'Annotations'],
] as const) {
  test(`${view}: chosen in Explore, it has data`, async ({ page }) => {
    await explore(page, { version: 1, view: 'series', metrics: ['runs'] });
    const frames = await answer(page, { view }, () => choose(page, 'View', title));
    expect(frames[0]?.data.values[0]?.length).toBeGreaterThan(0);
    await expect(page.getByRole('grid').or(page.getByRole('table')).first()).toBeVisible();
  });
}

test('series: runs over time to begin with, then metrics, groups, filters and a legend', async ({ page }) => {
  await explore(page, {});
  await expect(page.getByText('Runs started in the window')).toBeVisible();
  await choose(page, 'Metrics', 'Run success rate');
  await choose(page, 'Interval', 'day');
  const grouped = await answer(page, { groupBy: ['team'] }, () => choose(page, 'Group by', 'Team'));
  const teams = new Set(grouped.map(({ schema }) => schema.fields[1]?.labels?.team));
  expect(teams.size).toBeGreaterThan(1);
  const [team = ''] = teams;
  await choose(page, 'Filters', 'Team');
  const filtered = await answer(page, { filters: { team: [team] } }, () => choose(page, 'Values of Team', team));
  expect(new Set(filtered.map(({ schema }) => schema.fields[1]?.labels?.team))).toEqual(new Set([team]));
  await page.getByLabel('Legend').fill('of {{team}}: {{metric}}');
  await page.getByLabel('Legend').press('Enter');
  await expect(page.getByRole('button', { name: `of ${team}: Runs` }).first()).toBeVisible();
});

test('what a view does not use is hidden and kept', async ({ page }) => {
  await explore(page, { version: 1, view: 'table', metrics: ['runs', 'total_cost'], groupBy: ['team'] });
  await choose(page, 'View', 'Runs list');
  await expect(page.getByLabel('Metrics')).toHaveCount(0);
  await choose(page, 'View', 'Table');
  await expect(page.getByText('Total cost', { exact: true }).first()).toBeVisible();
});

test('an unknown metric of an old dashboard is shown, and what is wrong with it', async ({ page }) => {
  await explore(page, { version: 1, view: 'total', metrics: ['runs', 'velocity'] });
  await expect(page.getByText('velocity (unknown)')).toBeVisible();
  await expect(page.getByText(/unknown metric "velocity"/)).toBeVisible();
});

test('the activity of a session is shown as logs, its timeline as a trace', async ({ page }) => {
  const filters = { session: [await someSession()] };
  await explore(page, { version: 1, view: 'activity', filters });
  await expect(page.getByText(/Run .* (succeeded|failed)/).first()).toBeVisible();
  await explore(page, { version: 1, view: 'timeline', filters });
  await expect(page.getByText('Service & Operation')).toBeVisible();
});

test('an example of the help becomes the query', async ({ page }) => {
  await explore(page, {});
  await page.getByLabel('Show data source help').click();
  await page.getByRole('button', { name: 'Why runs failed' }).click();
  await expect(page.getByLabel('View', { exact: true })).toHaveValue('Table');
  await expect(page.getByText('Failure share', { exact: true })).toBeVisible();
});
