import { findMetric, knownIn, takes, type Metric } from '../catalogue/index.js';
import { showCount, showShare } from '../format/numbers.js';
import { ask, type QueryEngine } from './asker.js';

/** The metrics that say how much of a cost or of tokens is known. */
const COVERAGE = { cost: 'cost_coverage', tokens: 'token_coverage' } as const;
const OVERALL = ['runs', 'terminal_runs', 'cost_coverage', 'token_coverage', 'active_sessions'] as const;

/** Adds the coverage metrics of these, so that every row says how much of it is known. */
export function withCoverage(ids: readonly string[], asked: { groups: string[]; filters: string[] }): string[] {
  const wanted = ids.flatMap((id) => {
    const metric = findMetric(id);
    return metric ? knownIn(metric.value).map((what) => COVERAGE[what]) : [];
  });
  return [...new Set([...ids, ...wanted.filter((id) => isTaken(id, asked))])];
}

function isTaken(id: string, { groups, filters }: { groups: string[]; filters: string[] }): boolean {
  const taken = takes(findMetric(id)!);
  const has = (names: readonly string[], wanted: string[]): boolean => wanted.every((name) => names.includes(name));
  return has(taken.groups, groups) && has(taken.filters, filters);
}

/** Each metric's definition, and for how many of the window's rows it is known. */
export async function explain(engine: QueryEngine, ids: readonly string[], query: Record<string, unknown>) {
  const { from, to, timezone, filters } = query;
  const filterNames = Object.keys(filters ?? {});
  const metrics = OVERALL.filter((id) => isTaken(id, { groups: [], filters: filterNames }));
  const whole = { view: 'total', from, to, timezone, filters, metrics };
  const { rows } = metrics.length > 0 ? await ask(engine, whole) : { rows: [] };
  const overall = (rows[0] ?? {}) as Partial<Record<(typeof OVERALL)[number], number | null>>;
  const found = [...new Set(ids)].flatMap((id) => findMetric(id) ?? []);
  return found.map((metric) => ({
    id: metric.id,
    definition: metric.definition,
    unit: metric.unit,
    better: metric.better,
    coverage: coverageText(metric, overall),
  }));
}

function coverageText(metric: Metric, overall: Partial<Record<(typeof OVERALL)[number], number | null>>): string {
  const counted = (id: (typeof OVERALL)[number]): string => showCount(overall[id] ?? 0);
  const sums = knownIn(metric.value);
  const { base } = metric.value;
  if (base === 'data') return 'the newest event of the organization';
  if (base === 'sources') return 'the newest event of each source';
  if (base === 'budgets') return 'the runs that each budget is about, of its current period';
  if (base === 'trailing') return `the runs of the ${metric.value.days} × 24 hours before each point`;
  if (base === 'usual') return 'the runs of the window, and of the same days of the four weeks before';
  if (base === 'people') return 'the people known now, and their runs';
  // who may see nothing is told so in the notices
  if ((base === 'sessions' ? overall.active_sessions : overall.runs) == null) return 'see the notices';
  if (base === 'sessions') return `${counted('active_sessions')} active sessions`;
  const runs = `${counted('runs')} runs, ${counted('terminal_runs')} of them ended`;
  const known = sums.map((what) => {
    const share = overall[COVERAGE[what]];
    return `${what} known for ${share == null ? 'none' : showShare(share)} of those that ended`;
  });
  return [runs, ...known].join('; ');
}
