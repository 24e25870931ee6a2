import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Frame } from '../../metrics-service/src/contract/frames.js';
import { createToken } from '../../metrics-service/src/access/tokens.js';
import { testService, type TestService } from '../../metrics-service/test/support/service.js';
import { causes } from './support/causes.js';
import { holdsFor, type Value } from './support/evaluated.js';
import { RULES, type Rule } from './support/rules.js';

const NOW = Date.UTC(2026, 3, 15, 14, 20);
const CAUSES = causes(NOW);

let service: TestService;
let now = NOW;
beforeAll(async () => {
  service = await testService({ clock: () => now });
}, 60_000);
afterAll(() => service.stop());

/** Asks all rules as Grafana's alert rules do; the groups that fire, by rule. */
async function firing(token: string): Promise<Record<string, Value['labels'][]>> {
  const found = await Promise.all(RULES.map(async (rule) => [rule.uid, await firingOf(rule, token)] as const));
  return Object.fromEntries(found.filter(([, groups]) => groups.length > 0));
}

async function firingOf(rule: Rule, token: string): Promise<Value['labels'][]> {
  const asked = rule.data.filter(({ datasourceUid }) => datasourceUid === 'runboard');
  const values = asked.map(async ({ refId, model, relativeTimeRange: { from, to } }) => {
    const window = { from: now - from * 1_000, to: now - to * 1_000, timezone: 'UTC' };
    const headers = { 'x-runboard-viewer-kind': 'alert' };
    const { body } = await service.request('/v1/query', { token, headers, body: { ...window, queries: [model] } });
    expect([rule.uid, body.results?.[refId]?.status ?? body]).toEqual([rule.uid, 200]);
    return [refId, (body.results[refId].frames as Frame[]).flatMap(valuesOf)] as const;
  });
  return holdsFor(rule, new Map(await Promise.all(values)));
}

/** Grafana's numbers of a wide frame: a field each, with its labels. */
function valuesOf({ schema, data }: Frame): Value[] {
  return schema.fields.flatMap(({ type, labels = {} }, index) => {
    const value = data.values[index]![0];
    return type === 'number' && typeof value === 'number' ? [{ labels, value }] : [];
  });
}

describe('an alert rule', () => {
  it('has a cause that is tried', () => {
    expect(CAUSES.map(({ rule }) => `runboard-${rule}`).sort()).toEqual(RULES.map(({ uid }) => uid).sort());
  });

  it.each(CAUSES)('$rule fires for its cause, and nothing else does; then it resolves', async (cause) => {
    now = NOW;
    await service.organization(cause.rule);
    const scopes = ['ingest', 'directory', 'admin', 'read', 'delegate'] as const;
    const { token } = await createToken(service.database, cause.rule, { name: 'grafana', scopes: [...scopes] });
    await service.accept(token, [...cause.events]);
    expect(await firing(token)).toEqual({ [`runboard-${cause.rule}`]: [cause.labels ?? {}] });
    now = NOW + cause.later;
    if (cause.then) await service.accept(token, [...cause.then]);
    expect(await firing(token)).toEqual({});
  });
});
