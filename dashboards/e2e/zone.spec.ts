import { asking, findBoard } from '../test/support/boards.js';
import { expect, GRAFANA, openBoard, panel, settled, test, unfolded } from './support/grafana.js';

const NOTICE =
  'your browser does not say its time zone: hours, days, weeks and months are those of the organization (UTC)';

// what browsers without a zone say: headless ones, and such as hide it
for (const zone of ['Etc/Unknown', '', undefined]) {
  test(`a browser that says ${zone ?? 'nothing'}: the organization's days, with a notice`, async ({ page }) => {
    await page.addInitScript((timeZone) => {
      const known = Intl.DateTimeFormat.prototype.resolvedOptions;
      Intl.DateTimeFormat.prototype.resolvedOptions = function () {
        return { ...known.call(this), timeZone };
      };
    }, zone);
    const answers: Promise<string>[] = [];
    page.on('response', (response) => {
      if (response.url().includes('/api/ds/query')) answers.push(response.text());
    });
    await openBoard(page, 'runboard-overview', { query: { timezone: 'browser' } });
    for (const { id } of asking(findBoard('runboard-overview'))) {
      await (await unfolded(page, id)).scrollIntoViewIfNeeded();
      await settled(page);
      await expect(panel(page, id).getByTestId(/Panel status error/)).toHaveCount(0);
    }
    const told = (await Promise.all(answers)).filter((text) => text.includes(NOTICE));
    // each of the charts over time
    expect(told.length).toBeGreaterThanOrEqual(6);
  });
}

test('the download of a browser without a zone is a file that Excel reads', async ({ page, request }) => {
  await page.addInitScript(() => {
    const known = Intl.DateTimeFormat.prototype.resolvedOptions;
    Intl.DateTimeFormat.prototype.resolvedOptions = function () {
      return { ...known.call(this), timeZone: 'Etc/Unknown' };
    };
  });
  await openBoard(page, 'runboard-sessions', { query: { timezone: 'browser' } });
  const link = await page.getByRole('link', { name: 'Download as CSV' }).getAttribute('href');
  expect(link).toContain('timezone=Etc/Unknown');
  const file = await request.get(GRAFANA(link!));
  expect(file.status()).toBe(200);
  expect((await file.body()).toString('latin1', 0, 10)).toBe('\u00EF\u00BB\u00BFSession');
});
