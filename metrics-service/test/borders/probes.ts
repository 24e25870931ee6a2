import { RUN_ATTRIBUTES, type SentEvent } from '../oracle/types.js';
import type { Random } from '../support/random.js';
import { textsOf } from './neighbour.js';

/** A request to one route: its path, and its body if it has one. */
export interface Probe {
  method: string;
  path: string;
  body?: unknown;
}

interface Metric {
  id: string;
  filters: string[];
  groups: string[];
  requires: string | null;
  requiresAny: string[];
}

/** A grouping without which it cannot be asked. */
function neededBy({ requires, requiresAny }: Metric): string | null {
  return requires ?? requiresAny[0] ?? null;
}

interface View {
  name: string;
  members: string[];
  filters: string[] | null;
  columns: { name: string }[];
}
/** GET /v1/catalogue */
export interface Catalogue {
  metrics: Metric[];
  dimensions: { name: string; filters: boolean; groups: boolean }[];
  views: View[];
  intervals: string[];
  annotations: string[];
}
type Query = Record<string, unknown>;

/** What in the neighbour's events is a value of a dimension. */
const SAID_BY: Record<string, readonly string[]> = {
  user: ['userId', 'createdByUserId', 'name', 'email'],
  session: ['sessionId', 'parentSessionId'],
  run: ['runId'],
  failure_category: ['failureCategory'],
  call_model: ['model'],
  call_phase: ['phase'],
  phase: ['phase', 'name'],
  ...Object.fromEntries(Object.entries(RUN_ATTRIBUTES).map(([dimension, member]) => [dimension, [member]])),
};

/** What views can be of. */
const OF: Record<string, string[]> = {
  contrast: ['sessions', 'work_items'],
  distribution: ['duration', 'cost', 'tokens'],
};

/** Everything that can be asked, about what the neighbour's events say. */
export class Probes {
  readonly window: { from: number; to: number };
  readonly #random: Random;
  readonly #texts: Map<string, string[]>;

  constructor(
    readonly catalogue: Catalogue,
    readonly theirs: readonly SentEvent[],
    { window, random }: { window: { from: number; to: number }; random: Random },
  ) {
    this.window = window;
    this.#random = random;
    this.#texts = textsOf(theirs);
  }

  /** What the neighbour calls values of a dimension. */
  valuesOf(dimension: string): string[] {
    const said = (SAID_BY[dimension] ?? [dimension]).flatMap((member) => this.#texts.get(member) ?? []);
    return said.length > 0 ? [...new Set(said)] : ['true', 'false'];
  }

  /** One value, all, and all but these. */
  #filtersOn(dimension: string): unknown[] {
    const values = this.valuesOf(dimension);
    return [[this.#random.pick(values)], [...values, '(none)'], { not: values }];
  }

  /** Every member of a query, by what the document calls it; one that is not here is not probed. */
  readonly members: Record<string, (view: View) => Query[]> = {
    view: () => [{}],
    filters: (view) => this.#perFilter(view, (name, filter) => ({ filters: { [name]: filter } })),
    adhocFilters: (view) =>
      this.#perFilter(view, (key) => ({ adhocFilters: [{ key, operator: '=|', values: this.valuesOf(key) }] })),
    metrics: (view) => (view.members.includes('metrics') ? this.#classes().flatMap((one) => this.#asked(one)) : []),
    groupBy: (view) => (view.members.includes('groupBy') ? this.#classes().flatMap((one) => this.#grouped(one)) : []),
    kinds: ({ members }) =>
      members.includes('kinds') ? this.catalogue.annotations.map((kind) => ({ kinds: [kind] })) : [],
    of: ({ name }) => (OF[name] ?? []).map((of) => ({ of })),
    by: (view) =>
      view.name === 'contrast' ? this.#perFilter(view, (name, filter) => ({ by: { [name]: filter } })) : [],
    interval: ({ name }) =>
      name === 'series' || name === 'distribution'
        ? this.catalogue.intervals.map((interval) => ({ interval, from: this.window.to - 40 * 86_400_000 }))
        : [],
    compare: ({ name }) =>
      name === 'total' || name === 'table' ? [{ compare: 'previous' }, { compare: 'same_weekdays' }] : [],
    sparkline: ({ name }) => (name === 'total' ? [{ sparkline: true }] : []),
    intervals: ({ name }) => (name === 'table' ? [{ metrics: ['run_success_rate'], intervals: 'wilson95' }] : []),
    trend: ({ name }) => (name === 'table' ? [{ trend: 'runs' }] : []),
    values: ({ name }) => (name === 'table' ? [{ metrics: ['runs'], groupBy: ['repo'], values: 'user' }] : []),
    bounds: ({ name }) => (name === 'series' ? [{ bounds: true }] : []),
    explain: () => [{ explain: true }],
    audience: () => [{ audience: 'public' }],
    live: () => [{ live: true }],
    legend: () => [{ legend: '{{user}} {{team}}' }],
    orderBy: ({ columns }) => columns.map(({ name: orderBy }) => ({ orderBy })),
    direction: ({ columns }) => columns.map(({ name: orderBy }) => ({ orderBy, direction: 'asc' })),
    limit: () => [{ limit: 1 }, { limit: 3 }],
    offset: ({ columns }) => (columns.length > 0 ? [1, 2, 10, 1000].map((offset) => ({ offset, limit: 2 })) : []),
    from: ({ columns }) => (columns.length > 0 ? [{ from: this.window.to - 3_600_000 }] : []),
    to: ({ columns }) => (columns.length > 0 ? [{ to: this.window.from + 3_600_000 }] : []),
    timezone: () => [{ timezone: 'Asia/Kathmandu' }],
    refId: () => [{ refId: this.valuesOf('session')[0] }],
    version: () => [{ version: 1 }],
    maxDataPoints: () => [{ maxDataPoints: 3 }],
  };

  #perFilter(view: View, make: (name: string, filter: unknown) => Query): Query[] {
    const names = view.filters ?? this.catalogue.dimensions.filter(({ filters }) => filters).map(({ name }) => name);
    return names.flatMap((name) => this.#filtersOn(name).map((filter) => make(name, filter)));
  }

  /** Metrics that take the same: they are asked for together. */
  #classes(): Metric[][] {
    const classes = new Map<string, Metric[]>();
    for (const metric of this.catalogue.metrics) {
      const key = JSON.stringify([metric.filters, metric.groups, neededBy(metric)]);
      classes.set(key, [...(classes.get(key) ?? []), metric]);
    }
    return [...classes.values()];
  }

  #asked(metrics: Metric[]): Query[] {
    const [first] = metrics as [Metric];
    const { filters } = first;
    const requires = neededBy(first);
    const base = { metrics: metrics.map(({ id }) => id), ...(requires ? { groupBy: [requires] } : {}) };
    return [
      base,
      ...filters.flatMap((name) => this.#filtersOn(name).map((filter) => ({ ...base, filters: { [name]: filter } }))),
    ];
  }

  #grouped(metrics: Metric[]): Query[] {
    const [first] = metrics as [Metric];
    const { groups } = first;
    const requires = neededBy(first);
    const ids = metrics.map(({ id }) => id);
    return groups.map((group) => ({
      metrics: ids,
      groupBy: requires && requires !== group ? [requires, group] : [group],
    }));
  }

  /** Every query that the members make, twenty a request. */
  queries(): Probe[] {
    const all = this.catalogue.views.flatMap((view) =>
      Object.entries(this.members).flatMap(([member, make]) =>
        make(view).map((query) => ({ view: view.name, ...this.#needed(view, member), ...query })),
      ),
    );
    const probes: Probe[] = [];
    for (let at = 0; at < all.length; at += 20) {
      const queries = all.slice(at, at + 20).map((query, index) => ({ refId: `q${index}`, ...query }));
      probes.push({ method: 'post', path: '/v1/query', body: { ...this.window, queries } });
    }
    return probes;
  }

  /** What a view cannot be asked without. */
  #needed({ members, name, columns }: View, member: string): Query {
    if (name === 'contrast') return member === 'by' ? {} : { by: { model: this.valuesOf('model').slice(0, 1) } };
    if (name === 'punchcard') return member === 'metrics' ? {} : { metrics: ['runs'] };
    if (members.includes('metrics') && !['metrics', 'groupBy'].includes(member)) {
      return {
        metrics: ['runs', 'total_cost', 'active_users'],
        groupBy: name === 'table' || name === 'series' ? ['user'] : [],
      };
    }
    return columns.length === 0 && member !== 'filters' && member !== 'adhocFilters' && !members.includes('kinds')
      ? { filters: { session: [this.valuesOf('session')[0]] } }
      : {};
  }

  values(): Probe[] {
    const { from, to } = this.window;
    return this.catalogue.dimensions.flatMap(({ name }) => {
      const given = [
        '',
        `?from=${from}&to=${to}`,
        `?limit=1`,
        ...this.#random.some(this.valuesOf(name), 4).map((text) => `?search=${encodeURIComponent(text)}`),
      ];
      return given.map((query): Probe => ({ method: 'get', path: `/v1/dimensions/${name}/values${query}` }));
    });
  }

  files(views: readonly string[]): Probe[] {
    const dimensions = this.catalogue.dimensions.filter(({ filters }) => filters);
    return views.flatMap((view) => {
      const needed: Record<string, object> = {
        table: { metrics: 'runs,total_cost', groupBy: 'user' },
        punchcard: { metrics: 'runs' },
        contrast: { by: JSON.stringify({ model: this.valuesOf('model').slice(0, 1) }) },
      };
      const given = { ...this.window, ...needed[view] };
      const plain = new URLSearchParams({ ...given, from: String(given.from), to: String(given.to) }).toString();
      const more = dimensions.flatMap(({ name }) => {
        const values = this.valuesOf(name);
        return [
          values.map((value) => `&var-${name}=${encodeURIComponent(value)}`).join(''),
          `&filters=${encodeURIComponent(JSON.stringify({ [name]: { not: values } }))}`,
        ];
      });
      const paged = ['', '&limit=1', '&offset=2', '&direction=asc', '&timezone=Asia/Tokyo'];
      const ordered = (this.catalogue.views.find(({ name }) => name === view)?.columns ?? []).map(
        ({ name }) => `&orderBy=${name}`,
      );
      return [...paged, ...ordered, ...more].map((text): Probe => ({
        method: 'get',
        path: `/v1/export/${view}.csv?${plain}${text}`,
      }));
    });
  }
}
