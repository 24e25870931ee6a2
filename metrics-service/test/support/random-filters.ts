import type { Filters, FilterValues, World } from '../oracle/types.js';
import type { Random } from './random.js';
import { attributeValues, WORLD } from './random-fields.js';

/** As random fields make them. */
function numbered(name: string): string[] {
  return Array.from({ length: 7 }, (_, index) => `${name} ${index + 1}`);
}

/** What a filter may name, by dimension. */
export const VALUES: Record<string, readonly string[]> = {
  user: WORLD.users,
  team: WORLD.teams,
  session: WORLD.sessions,
  model: WORLD.models,
  call_model: WORLD.models,
  call_phase: WORLD.phases,
  status: ['SUCCEEDED', 'FAILED', 'CANCELED', 'TIMEOUT', 'IN_FLIGHT'],
  failure_category: ['agent_error', 'tool_error', 'rate_limited', 'unknown', 'uncategorized'],
  failure_fingerprint: [...WORLD.errors, '<n> of <n> tests failed'],
  agent: WORLD.agents,
  work_item: WORLD.workItems,
  epic: WORLD.workItems,
  work_item_type: numbered('work_item'),
  project: numbered('work_item'),
  escalation_category: numbered('escalation'),
  severity: ['low', 'critical'],
  tool: WORLD.tools,
  source: WORLD.sources,
  phase: WORLD.phases,
  counter: WORLD.counters,
  local_handoff: ['true', 'false'],
  post_handoff_iteration: ['true', 'false'],
};

/** The names by which exactly one user can be asked for. */
function unambiguousNames(world: World): string[] {
  const names = [...world.users.values()].map((user) => user.name);
  return names.filter(
    (name): name is string =>
      name !== null && !world.users.has(name) && names.filter((other) => other === name).length === 1,
  );
}

export function randomFilters(random: Random, world: World, dimensions: string[]): Filters {
  const filters: Filters = {};
  const count = random.pick([0, 0, 0, 0, 1, 1, 2, 3]);
  for (const dimension of random.some(dimensions, count)) {
    const isFlag = dimension === 'local_handoff' || dimension === 'post_handoff_iteration';
    const pool: (string | null)[] = isFlag
      ? ['true', 'false']
      : [
          ...(VALUES[dimension] ?? attributeValues(dimension)),
          ...(dimension === 'user' ? unambiguousNames(world) : []),
          '(none)',
          null,
          'nobody',
        ];
    const values: FilterValues = random.some(pool, random.pick([0, 1, 2, 3, 5]));
    filters[dimension] = random.chance(0.25) ? { not: values } : values;
  }
  return filters;
}
