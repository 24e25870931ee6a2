import type { APIRequestContext } from '@playwright/test';
import { contentOf, expect, GRAFANA } from './grafana.js';

/** A rule as it was last evaluated. */
export interface State {
  readonly uid: string;
  readonly name: string;
  readonly state: string;
  readonly health: string;
  readonly lastError?: string;
  readonly alerts?: readonly { readonly state: string; readonly labels: Readonly<Record<string, string>> }[];
}

/** All rules. */
export async function states(request: APIRequestContext): Promise<State[]> {
  const answer = await request.get(GRAFANA('/api/prometheus/grafana/api/v1/rules'));
  const { data } = (await answer.json()) as { data: { groups: { rules: State[] }[] } };
  return data.groups.flatMap(({ rules }) => rules);
}

/** The provisioned rule with a limit that the demo trips, over its last week, evaluated every ten seconds. */
export async function trip(request: APIRequestContext, uid: string, tripped = `${uid}-tripped`): Promise<string> {
  const answer = await request.get(GRAFANA(`/api/v1/provisioning/alert-rules/${uid}`));
  const stored = (await answer.json()) as { data: { model: { expression?: string } }[] };
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

/** Removes what `trip` has made. */
export async function untrip(request: APIRequestContext, tripped: string): Promise<void> {
  await request.delete(GRAFANA(`/api/v1/provisioning/alert-rules/${tripped}`));
}

interface StoredRule {
  readonly uid: string;
  readonly folderUID: string;
  readonly data: readonly { readonly datasourceUid: string }[];
}

const groupPath = async (request: APIRequestContext, group: string): Promise<string> => {
  const [any] = await storedRules(request);
  return GRAFANA(`/api/v1/provisioning/folder/${any!.folderUID}/rule-groups/${group}`);
};

async function storedRules(request: APIRequestContext): Promise<StoredRule[]> {
  return contentOf<StoredRule[]>(await request.get(GRAFANA('/api/v1/provisioning/alert-rules')));
}

/** Copies of provisioned rules, by uid, that each ask a data source of their own, at once and every ten seconds. */
export async function putGroup(
  request: APIRequestContext,
  group: string,
  datasources: ReadonlyMap<string, string>,
): Promise<void> {
  const rules = (await storedRules(request)).flatMap(({ uid, data, ...rule }) => {
    const datasource = datasources.get(uid);
    const asked = data.map((one) => (one.datasourceUid === 'runboard' ? { ...one, datasourceUid: datasource } : one));
    const name = uid.replace('runboard', group);
    const own = { id: undefined, provenance: undefined, uid: name, title: name.replace('-', ' '), for: '0s' };
    return datasource ? [{ ...rule, ...own, ruleGroup: group, data: asked }] : [];
  });
  const body = { title: group, folderUid: rules[0]!.folderUID, interval: 10, rules };
  await contentOf(await request.put(await groupPath(request, group), { data: body }));
}

export async function removeGroup(request: APIRequestContext, group: string): Promise<void> {
  await request.delete(await groupPath(request, group));
}
