import { RULES } from '../test/support/rules.js';
import { states, trip, untrip } from './support/alerts.js';
import { expect, test } from './support/grafana.js';

test('each rule is evaluated without an error', async ({ request }) => {
  test.setTimeout(400_000);
  await expect
    .poll(async () => (await states(request)).filter(({ health }) => health === 'unknown'), { timeout: 360_000 })
    .toEqual([]);
  const found = await states(request);
  for (const { title } of RULES) {
    expect(found.find(({ name }) => name === title)).toMatchObject({ health: 'ok' });
  }
});

/** What the demo has enough of in a week; the others are tried with data of their own in test/firing.test.ts. */
const TRIPPED = ['failure-rate', 'run-duration', 'queue-wait', 'no-runs', 'cost-spike', 'unpriced-model'].map(
  (name) => `runboard-${name}`,
);

test('rules fire when there is something to fire about; by team, for each of them', async ({ request }) => {
  test.setTimeout(300_000);
  const tripped = await Promise.all(TRIPPED.map((uid) => trip(request, uid)));
  const firing = async () =>
    (await states(request)).filter(({ name, state }) => tripped.includes(name) && state === 'firing');
  await expect
    .poll(async () => (await firing()).map(({ name }) => name).sort(), { timeout: 240_000 })
    .toEqual(tripped.sort());
  const byTeam = (await firing()).find(({ name }) => name === 'runboard-failure-rate-tripped')!;
  expect(new Set(byTeam.alerts!.map(({ labels }) => labels.team)).size).toBeGreaterThanOrEqual(8);
  for (const uid of tripped) await untrip(request, uid);
});
