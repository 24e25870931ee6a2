import type { APIRequestContext } from '@playwright/test';
import { RULES } from '../test/support/rules.js';
import { expect, GRAFANA, test } from './support/grafana.js';

interface State {
  readonly uid: string;
  readonly name: string;
  readonly state: string;
  readonly health: string;
  readonly lastError?: string;
  readonly alerts?: readonly { readonly labels: Readonly<Record<string, string>> }[];
}

async function states(request: APIRequestContext): Promise<State[]> {
  const answer = await request.get(GRAFANA('/api/prometheus/grafana/api/v1/rules'));
  const { data } = (await answer.json()) as { data: { groups: { rules: State[] }[] } };
  return data.groups.flatMap(({ rules }) => rules);
}

/** The provisioned rule with a limit that the demo trips, over its last week, evaluated every ten seconds. */
async function trip(request: APIRequestContext, uid: string): Promise<string> {
  const answer = await request.get(GRAFANA(`/api/v1/provisioning/alert-rules/${uid}`));
  const stored = (await answer.json()) as { data: { model: { expression?: string } }[] };
  const tripped = `${uid}-tripped`;
  const data = stored.data.map((query) => ({
    ...query,
    relativeTimeRange: { from: 604_800, to: 0 },
    model: { ...query.model, ...(query.model.expression ? { expression: easy(query.model.expression) } : {}) },
  }));
  const own = { id: undefined, provenance: undefined, uid: tripped, title: tripped, ruleGroup: 'tripped', for: '0s' };
  const body = { ...stored, ...own, data };
  const made = await request.post(GRAFANA('/api/v1/provisioning/alert-rules'), { data: body });
  expect([made.status(), await made.text()]).toEqual([201, expect.anything()]);
  return tripped;
}

function easy(expression: string): string {
  return expression
    .replace(/> [\d.]+/, '> 0')
    .replace(/>= \d+/, '>= 1')
    .replace('== 0', '>= 0');
}

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

test('each rule fires when there is something to fire about; by team, for each of them', async ({ request }) => {
  test.setTimeout(300_000);
  const tripped = await Promise.all(RULES.map(({ uid }) => trip(request, uid)));
  const firing = async () =>
    (await states(request)).filter(({ name, state }) => tripped.includes(name) && state === 'firing');
  await expect
    .poll(async () => (await firing()).map(({ name }) => name).sort(), { timeout: 240_000 })
    .toEqual(tripped.sort());
  const byTeam = (await firing()).find(({ name }) => name === 'runboard-failure-rate-tripped')!;
  expect(new Set(byTeam.alerts!.map(({ labels }) => labels.team)).size).toBeGreaterThanOrEqual(8);
  for (const uid of tripped) await request.delete(GRAFANA(`/api/v1/provisioning/alert-rules/${uid}`));
});
