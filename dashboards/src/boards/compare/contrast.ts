import { ask, CHOSEN } from '../../query.js';
import { atLeast, inOrder, NOTE, only, table, width, WRAPPED } from '../../tables.js';
import { PANELS, SETTING, WITH } from './setting.js';

/** What is shown with its interval, as the answer calls it, and as the ends are called for short. */
const MEASURED: readonly { field: string; name: string; short: string; decimals?: number }[] = [
  { field: 'last_run_success_rate', name: 'Success of the last run', short: 'Success', decimals: 1 },
  { field: 'avg_cost', name: 'Average cost', short: 'Cost' },
  { field: 'avg_agent_time', name: 'Average agent time', short: 'Time' },
  { field: 'avg_runs', name: 'Average runs', short: 'Runs', decimals: 1 },
];
const ENDS = { low: 'from', high: 'to' } as const;

/** Work items, or sessions, that a run by the role is about, beside the others. */
export function contrastOf(of: 'work_items' | 'sessions', title: string, ones: string, setting = SETTING) {
  const shown = MEASURED.flatMap(({ name }) => [name, `${name} (low)`, `${name} (high)`]);
  const columns = ['Group', ones, ...shown];
  const built = table(PANELS[of], title, { width: 24, height: 7 })
    .description(
      `${ones} with a run by the role that **${WITH.label}** names, those without, and the difference; each with its 95 % ` +
        'interval, which averages over fewer than 10 have not. It compares what people chose, not what caused it.',
    )
    .datasource(CHOSEN)
    .withTarget(ask(setting, { view: 'contrast', of, by: { role: [`$${WITH.name}`, ''] } }))
    .withTransformation(only([NOTE, ...columns]))
    .withTransformation(inOrder(columns))
    .overrideByName('group', [atLeast(115), WRAPPED])
    .overrideByName(of, [width(75)]);
  for (const { field, short, ...more } of MEASURED) {
    const decimals = more.decimals === undefined ? [] : [{ id: 'decimals', value: more.decimals }];
    built.overrideByName(field, [width(80), ...decimals]);
    for (const [end, word] of Object.entries(ENDS))
      built.overrideByName(`${field}_${end}`, [
        width(66),
        { id: 'displayName', value: `${short} ${word}` },
        ...decimals,
      ]);
  }
  return built;
}
