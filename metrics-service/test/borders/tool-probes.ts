import type { Probe, Probes } from './probes.js';

/** What tools take, by the name of their argument; one that is not here is not probed. */
const argumentsOf = (probes: Probes): Record<string, () => unknown[]> => ({
  metrics: () => [['runs', 'total_cost']],
  group_by: () => probes.catalogue.dimensions.filter(({ groups }) => groups).map(({ name }) => [name]),
  filters: () => probes.catalogue.dimensions.map(({ name }) => ({ [name]: probes.valuesOf(name) })),
  session: () => probes.valuesOf('session'),
  work_item: () => ['MIN-1', probes.valuesOf('work_item')[0]],
  agent: () => probes.valuesOf('agent'),
  by: () => ['model', 'agent', 'runtime', 'team'],
  same: () => ['task_type', 'repo'],
  with: () => [{ model: probes.valuesOf('model') }, { tool: probes.valuesOf('tool') }],
  of: () => ['work_items'],
  search: () => [probes.valuesOf('user')[0]],
  last: () => [],
  from: () => [],
  to: () => [],
  timezone: () => ['Asia/Tokyo'],
  interval: () => ['week'],
  compare: () => [true],
  intervals: () => ['wilson95'],
  trend: () => ['runs'],
  order_by: () => ['total_cost'],
  direction: () => ['asc'],
  limit: () => [1],
  explain: () => [true],
});

/** Every tool, with each value of each of its arguments. */
export function toolProbes(
  probes: Probes,
  tools: readonly { name: string; inputSchema: { properties?: object; required?: string[] } }[],
): Probe[] {
  const known = argumentsOf(probes);
  const span = {
    from: new Date(probes.window.to - 80 * 86_400_000).toISOString(),
    to: new Date(probes.window.to).toISOString(),
  };
  return tools.flatMap(({ name, inputSchema: { properties = {}, required = [] } }) => {
    const valuesOf = (argument: string): unknown[] => {
      const values = known[argument];
      if (!values) throw new Error(`no probe for ${argument} of the tool ${name}`);
      return values();
    };
    const needed = Object.fromEntries(required.map((argument) => [argument, valuesOf(argument)[0]]));
    const base = { ...needed, ...('from' in properties ? span : {}) };
    const given = Object.keys(properties).flatMap((argument) =>
      valuesOf(argument).map((value) => ({ ...base, [argument]: value })),
    );
    return [base, ...given].map((one): Probe => ({
      method: 'post',
      path: '/mcp',
      body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: one } },
    }));
  });
}
