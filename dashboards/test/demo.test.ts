import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Field, Frame } from '../../metrics-service/src/contract/frames.js';
import type { TestService } from '../../metrics-service/test/support/service.js';
import type { Filters } from '../src/query.js';
import { addresses, asking, BOARDS, queriesOf, type Panel, type Target } from './support/boards.js';
import { demoService, LAST_30_DAYS } from './support/demo.js';
import { RULES } from './support/rules.js';

let service: TestService;
/** one with runs of several statuses, handoffs and calls */
let session: string;
/** one of its that failed */
let run: string;
/** one with an escalation */
let workItem: string;
/** one with closed work items */
let agent: string;
const CHOSEN = (): Record<string, string> => ({
  ...{ $session: session, $run: run, $work_item: workItem, $agent: agent, $with: 'reviewer' },
});

beforeAll(async () => {
  service = await demoService();
  const query = { view: 'sessions', filters: { post_handoff_iteration: ['true'], status: ['FAILED'] }, limit: 1 };
  const [frame] = await ask({ refId: 'A', ...query });
  session = valuesOf(frame!, 'session')[0] as string;
  const failed = { view: 'runs', filters: { session: [session], status: ['FAILED'] }, limit: 1 };
  run = valuesOf((await ask({ refId: 'A', ...failed }))[0]!, 'run')[0] as string;
  workItem = valuesOf((await ask({ refId: 'A', view: 'escalations', limit: 1 }))[0]!, 'work_item')[0] as string;
  const closed = { view: 'table', metrics: ['closed_work_items'], groupBy: ['agent'], limit: 1 };
  agent = valuesOf((await ask({ refId: 'A', ...closed }))[0]!, 'agent')[0] as string;
}, 180_000);
afterAll(() => service.stop());

/** What Grafana's variables are when a board is opened: everything, a session, and a run of it. */
function resolved(target: Target): Target {
  const chosen: Record<string, string> = {
    ...{
      $sort: 'last_active_at',
      $direction: 'desc',
      $rows: '100',
      $first: 'started_at',
      $by: 'total_cost',
      $of: 'model',
    },
  };
  const text = (value: unknown) => chosen[value as string] ?? value;
  const members = Object.entries(target).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(text) : text(value),
  ]);
  const by = target.by === undefined ? {} : { by: filtered(target.by as Target['filters']) };
  return { ...(Object.fromEntries(members) as Target), ...by, filters: filtered(target.filters) };
}

function filtered(filters: Target['filters'] = {}): Record<string, Filters[string]> {
  return Object.fromEntries(
    Object.entries(filters).flatMap(([name, values]): [string, Filters[string]][] => {
      if ('not' in values) return [[name, values]];
      const found = values.flatMap((value) => CHOSEN()[value] ?? (value.startsWith('$') ? [] : value));
      return found.length > 0 ? [[name, found]] : [];
    }),
  );
}

async function ask(target: Target, window: object = LAST_30_DAYS): Promise<Frame[]> {
  const { body } = await service.request('/v1/query', { body: { ...window, queries: [resolved(target)] } });
  const result = body.results[target.refId];
  if (result.status !== 200) throw new Error(`${JSON.stringify(target)}: ${result.error}`);
  return result.frames;
}

const fieldsOf = (frames: Frame[]): Field[] => frames.flatMap(({ schema }) => schema.fields);
const namesOf = ({ name, config }: Field): string[] => [name, config?.displayNameFromDS ?? name];

function valuesOf({ schema, data }: Frame, name: string): unknown[] {
  return data.values[schema.fields.findIndex((field) => field.name === name)] ?? [];
}

const isKnown = (frame: Frame): boolean => frame.data.values.some((values) => values.some((value) => value !== null));

describe.each(BOARDS.map((board) => [board.uid, board] as const))('%s over the demo', (_, board) => {
  const panels = asking(board).map((panel) => [panel.title || `panel ${panel.id}`, panel] as const);
  const framesOf = async (panel: Panel) =>
    (await Promise.all(queriesOf(board, panel).map((target) => ask(target)))).flat();

  it.each(panels)('%s has data, and no notice about what it asks for', async (_title, panel) => {
    for (const target of queriesOf(board, panel)) {
      const frames = await ask(target);
      // a session need not have runs of every status: then a notice says so
      const ofStatus = target.filters?.status !== undefined;
      if (!ofStatus) expect(frames.filter(isKnown)).not.toEqual([]);
      const notices = frames.flatMap(({ schema }) => schema.meta.notices ?? []).map(({ text }) => text);
      expect(notices.filter((text) => (ofStatus ? /ignored/ : /ignored|choose/).test(text))).toEqual([]);
    }
  });

  it.each(panels)('%s names fields that there are', async (_title, panel) => {
    const fields = fieldsOf(await framesOf(panel));
    // what a list says in the place of rows
    const names = new Set([...fields.flatMap(namesOf), 'Nothing to show']);
    const refIds = (panel.targets ?? []).map(({ refId }) => refId);
    const types = new Set(fields.map(({ type }) => type as string));
    // groups that the demo happens not to have in these days
    const statuses = (
      await ask({ refId: 'A', view: 'table', metrics: ['runs'], groupBy: ['status'] }, { ...LAST_30_DAYS, from: 0 })
    )[0]!;
    const known = (name: string) => names.has(name) || valuesOf(statuses, 'status').includes(name);
    for (const { matcher } of panel.fieldConfig?.overrides ?? []) {
      if (matcher.id === 'byName') expect([matcher.options, known(matcher.options)]).toEqual([matcher.options, true]);
      if (matcher.id === 'byFrameRefID') expect(refIds).toContain(matcher.options);
      if (matcher.id === 'byType') expect(types).toContain(matcher.options);
    }
    const { series = [] } = panel.options ?? {};
    for (const { x, y } of series) for (const { matcher } of [x, y]) expect([...names]).toContain(matcher.options);
    for (const { id, options } of panel.transformations ?? []) {
      const { names: only } = (options.include ?? {}) as { names?: string[] };
      const { indexByName = {}, excludeByName = {} } = options as Record<string, Record<string, unknown>>;
      for (const name of Object.keys({ ...indexByName, ...excludeByName })) expect([id, ...names]).toContain(name);
      for (const name of only ?? []) expect([id, ...names]).toContain(name);
      // what a variable chooses is one of several
      const parts = (options.fields as string[] | undefined) ?? [];
      if (parts.length > 0) expect([id, parts.some((name) => names.has(name))]).toEqual([id, true]);
    }
    const shown = panel.options?.reduceOptions?.fields;
    if (shown) {
      const titles = shown
        .replace(/^\/\^\(|\)\$\/$/g, '')
        .replaceAll('\\', '')
        .split('|');
      expect(titles.filter((title) => !names.has(title))).toEqual([]);
    }
    for (const { url } of addresses(board).filter((address) => address.panel === panel)) {
      const used = [...url.matchAll(/__data\.fields\.(\w+)/g)].map(([, name]) => name!);
      expect(used.filter((name) => !names.has(name))).toEqual([]);
    }
  });

  it('has values for its variables, and something to mark for its annotations', async () => {
    for (const { query } of (board.templating.list ?? []).filter(({ type }) => type === 'query')) {
      const { dimension, view } = query as { dimension?: string; view?: string };
      if (view !== undefined) {
        expect(valuesOf((await ask(query as Target))[0]!, 'markdown').join(' ')).toMatch(/runs/);
        continue;
      }
      const { body } = await service.request(`/v1/dimensions/${dimension}/values`);
      expect([dimension, body.values.length > 0]).toEqual([dimension, true]);
    }
    for (const { name, target } of (board.annotations.list ?? []).filter(({ builtIn }) => builtIn === 0)) {
      expect([name, valuesOf((await ask(target))[0]!, 'time').length > 0]).toEqual([name, true]);
    }
  });
});

describe('the session board without a session', () => {
  const { panels } = BOARDS.find(({ uid }) => uid === 'runboard-session')!;
  it('is empty but for the latest sessions', async () => {
    const filled = [];
    for (const panel of panels.filter(({ datasource }) => datasource?.uid === '${datasource}')) {
      const frames = (await Promise.all((panel.targets ?? []).map((target) => ask(withoutSession(target))))).flat();
      if (frames.some(isKnown)) filled.push(panel.title);
    }
    expect(filled).toEqual(['Choose a session']);
  });
});

/** A variable of nothing is left out, as the plugin does it. */
function withoutSession(target: Target): Target {
  const filters = Object.entries(target.filters ?? {}).map(([name, values]) => [
    name,
    'not' in values ? values : values.filter((value) => value !== '$session' && value !== '$run'),
  ]);
  return { ...target, filters: Object.fromEntries(filters) };
}

describe.each(RULES)('the alert rule $title', ({ data }) => {
  const asked = data.filter(({ datasourceUid }) => datasourceUid === 'runboard');

  it.each(asked)('$refId has a number per group', async ({ model, relativeTimeRange: { from, to } }) => {
    const window = { from: LAST_30_DAYS.to - from * 1000, to: LAST_30_DAYS.to - to * 1000, timezone: 'UTC' };
    const [frame] = await ask(model, window);
    expect(frame!.schema.meta.type).toBe('numeric-wide');
    const fields = fieldsOf([frame!]);
    // the demo sets no budget
    if (!(model.groupBy as string[] | undefined)?.includes('budget')) expect(fields.length).toBeGreaterThan(0);
    expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length > 0 ? 1 : 0);
    expect(fields.filter(({ type, labels }) => type !== 'number' || (model.groupBy ? !labels : labels))).toEqual([]);
  });
});
