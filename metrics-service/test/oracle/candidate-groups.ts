import { type Cell, groupDimension, isPartDimension, runDimension, sessionDimension } from './dimensions.js';
import { LIVE_METRICS, PEOPLE_METRICS, RUN_METRICS, SESSION_METRICS, sourcesOf, TOOL_METRICS } from './metrics.js';
import { knownPeople, ofPerson } from './people-metrics.js';
import type { Scope } from './rows.js';
import { toolDimension } from './tools.js';
import { countedRows } from './work-items.js';

/** Every combination of values that some row of the world has, in whatever window. */
export function candidateGroups(scope: Scope, metrics: string[], groupBy: string[], timezone: string): Cell[][] {
  if (groupBy.length === 0) return [[]];
  const { world } = scope;
  const found = new Map<string, Cell[]>();
  const add = (values: (string | null)[]): void => {
    found.set(
      JSON.stringify(values),
      groupBy.map((dimension, index) => ({ dimension, value: values[index]! })),
    );
  };
  if (metrics.includes('source_age')) for (const source of sourcesOf(scope)) add([source]);
  if (metrics.some((metric) => metric in TOOL_METRICS)) {
    for (const call of world.toolCalls) add(groupBy.map((name) => toolDimension(world, call, name, timezone)));
  }
  if (metrics.some((metric) => metric in LIVE_METRICS)) {
    for (const run of world.runs) add(groupBy.map((dimension) => runDimension(world, run, dimension)));
  }
  const isByRuns = metrics.includes('tool_calls_per_run') && !groupBy.includes('tool');
  if (isByRuns || metrics.some((metric) => metric in RUN_METRICS)) {
    for (const run of world.runs.filter(({ startedAt }) => startedAt !== null)) {
      const valuesOf = (dimension: string): (string | null)[] => {
        if (isPartDimension(dimension)) return run.shares.map((share) => share[dimension]);
        if (dimension === 'phase') return [...run.phases.keys()];
        if (dimension === 'counter') return [...run.counters.keys()];
        return [groupDimension(world, run, dimension, timezone)];
      };
      for (const first of valuesOf(groupBy[0]!)) {
        if (groupBy.length === 1) add([first]);
        else for (const second of valuesOf(groupBy[1]!)) add([first, second]);
      }
    }
  }
  if (metrics.some((metric) => metric in PEOPLE_METRICS)) {
    for (const person of knownPeople(world)) add(groupBy.map((dimension) => ofPerson(world, person, dimension)));
  }
  for (const metric of metrics) {
    for (const row of countedRows(metric, world) ?? []) add(groupBy.map((dimension) => row.valueOf(dimension)));
  }
  if (metrics.some((metric) => metric in SESSION_METRICS)) {
    for (const session of world.sessions.values()) {
      add(groupBy.map((dimension) => sessionDimension(world, session, dimension)));
    }
  }
  return [...found.values()];
}
