import { expect, SERVICE, test, TYPE } from './support';

test('save & test says what it is connected to', async ({ createDataSourceConfigPage, page }) => {
  const settings = await createDataSourceConfigPage({ type: TYPE });
  await page.getByLabel('Data source connection URL').fill(SERVICE.url);
  await page.getByLabel(/^Token/).fill(SERVICE.token);
  await expect(settings.saveAndTest()).toBeOK();
  await expect(settings).toHaveAlert('success', {
    hasText: /Connected to .* \(demo\)\. You are .* runs in the last 30 days/,
  });
  await expect(page.getByLabel(/^Token/)).toBeDisabled();
  await expect(page.getByText(SERVICE.token)).toHaveCount(0);
});

test('a wrong token is told from a service that is not there', async ({ createDataSourceConfigPage, page }) => {
  const settings = await createDataSourceConfigPage({ type: TYPE });
  await page.getByLabel('Data source connection URL').fill(SERVICE.url);
  await page.getByLabel(/^Token/).fill('rb_wrong');
  await expect(settings.saveAndTest()).not.toBeOK();
  await expect(settings).toHaveAlert('error', { hasText: 'runboard token create' });
  await page.getByLabel('Data source connection URL').fill('http://127.0.0.1:9');
  await expect(settings.saveAndTest()).not.toBeOK();
  await expect(settings).toHaveAlert('error', { hasText: '127.0.0.1:9' });
});

test('trusting e-mails comes with a warning', async ({ createDataSourceConfigPage, page }) => {
  await createDataSourceConfigPage({ type: TYPE });
  await page.getByText('Trust e-mails', { exact: true }).click();
  await expect(page.getByText('Whoever can change an e-mail')).toBeVisible();
});
