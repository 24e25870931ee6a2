import {
  grafanaUnit,
  inWords,
  modelColours,
  OUTCOME_COLOURS,
  shownIn,
  UNNAMED_COLOUR,
  WORDS,
  type Metric,
} from '../../catalogue/index.js';
import type { Field } from '../../contract/frames.js';
import { labelsOf, type GroupedPlan } from '../groups.js';
import { NONE, NOT_SHOWN } from '../../contract/query.js';
import type { NamedGroup } from '../asked.js';

type Config = NonNullable<Field['config']>;

/** How Grafana shows a metric's values. */
export function metricConfig(metric: Metric, displayName = metric.title): Config {
  return { displayNameFromDS: displayName, description: metric.definition, ...shownIn(grafanaUnit(metric)) };
}

/**
 * The name of a group's line or number: `legend` with `{{team}}` and `{{metric}}` replaced, or else the group, the
 * metric, or both if there are several of both.
 */
export function groupTitle(metric: Metric, { asked, groups, legend }: GroupedPlan, named: NamedGroup): string {
  const { names } = named;
  if (legend) return filledLegend(legend, { metric: metric.title, ...wordsOf(labelsOf(named, groups)) });
  if (names.length === 0) return metric.title;
  const group = names.map((name, index) => (name === null ? NONE : inWords(groups[index]!.name, name))).join(', ');
  return asked.length === 1 ? group : `${metric.title}: ${group}`;
}

function wordsOf(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, inWords(name, value)]));
}

/** Shows the ids of a column as words; what Grafana filters and links by stays the id. */
export function shownInWords(column: string): Pick<Config, 'mappings'> {
  const words = WORDS[column];
  if (!words) return {};
  const options = Object.entries(words).map(([id, text], index) => [id, { text, index }] as const);
  return { mappings: [{ type: 'value', options: Object.fromEntries(options) }] };
}

/** The colour that each group has on every board, where it is a status or a model. */
export function groupColours({ asked, groups }: GroupedPlan, named: readonly NamedGroup[]) {
  const [only] = groups.length === 1 && asked.length === 1 ? groups : [];
  const isModel = only?.name === 'model' || only?.name === 'call_model';
  const ofModels = isModel ? modelColours(named.flatMap(({ names }) => names[0] ?? [])) : new Map<string, string>();
  return ({ names: [name] }: NamedGroup): Pick<Config, 'color'> => {
    if (name === NOT_SHOWN) return { color: { mode: 'fixed', fixedColor: UNNAMED_COLOUR } };
    const colour = only?.name === 'status' ? OUTCOME_COLOURS[name ?? ''] : ofModels.get(name ?? '');
    return colour === undefined ? {} : { color: { mode: 'fixed', fixedColor: colour } };
  };
}

/** An unknown placeholder is kept, so that one sees it. */
function filledLegend(legend: string, labels: Readonly<Record<string, string>>): string {
  return legend.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(labels, name) ? labels[name]! : whole,
  );
}
