import { expect, test } from './support';

test('the condition of an alert rule can be looked at before it is saved', async ({ alertRuleEditPage }) => {
  const query = await alertRuleEditPage.getQueryRow();
  await query.datasource.set('Runboard');
  const answered = await alertRuleEditPage.evaluate();
  expect(answered.ok()).toBe(true);
  const { results } = (await answered.json()) as { results: Record<string, { error?: string; frames: unknown[] }> };
  const said = Object.values(results).map(({ error, frames }) => [error, frames.length]);
  expect(said.length).toBeGreaterThan(1);
  for (const one of said) expect(one).toEqual([undefined, 1]);
});
