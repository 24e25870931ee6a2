import { describeCatalogue } from './describe.js';
import { BASES } from './bases/index.js';
import type { BaseName } from './measure.js';
import { SECTIONS } from './metric.js';
import { TAKES } from './dimensions.js';

type Catalogue = ReturnType<typeof describeCatalogue>;
type MetricRow = Catalogue['metrics'][number];

const HEAD = `# Metrics

<!-- Generated from the catalogue by \`npm run docs\`: change the metric's file, not this page. -->

Every number that Runboard answers with, and what it means. The same list is \`npx runboard metrics\` on the command line
and \`GET /v1/catalogue\` over HTTP. How to ask for them stands in [query.md](query.md).

Words used below: a _run_ is one attempt of an agent to do something; it belongs to the window in which it started. A
run is _terminal_ once it is SUCCEEDED, FAILED, CANCELED or TIMEOUT, and _in flight_ until then. A _session_ is the thread
that runs happen in; it is _active_ in a window with at least one run, message or handoff in it. A _handoff_ takes a
session's result to a developer's own machine. A window is \`[from, to)\`. Unknown is not zero: what was not reported
and cannot be computed is left out of sums and averages.`;

/** The page docs/metrics.md: every metric and dimension, as the catalogue has them. */
export function catalogueMarkdown(catalogue: Catalogue = describeCatalogue()): string {
  const kinds = kindsOf(catalogue);
  const sections = SECTIONS.flatMap((section) => {
    const metrics = catalogue.metrics.filter((metric) => metric.section === section);
    return metrics.length > 0 ? [`## ${section}\n\n${metricTable(metrics, kinds)}`] : [];
  });
  return `${[HEAD, ...sections, takesPart(kinds), dimensionsPart(catalogue)].join('\n\n')}\n`;
}

interface Kind {
  readonly name: string;
  readonly groups: readonly string[];
  readonly filters: readonly string[];
}

function kindName(base: string): string {
  if (base === 'trailing' || base === 'usual') return `${BASES.runs.title} over time`;
  return base in BASES ? BASES[base as BaseName].title : base;
}

/** Metrics that take the same groups and filters are one kind. */
function kindsOf({ metrics }: Catalogue): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const [base, { groups, filters }] of Object.entries(TAKES)) {
    const key = keyOf({ groups, filters });
    const isUsed = metrics.some((metric) => keyOf(metric) === key);
    if (isUsed && !kinds.has(key)) kinds.set(key, { name: kindName(base), groups, filters });
  }
  return [...kinds.values()];
}

function keyOf({ groups, filters }: Pick<Kind, 'groups' | 'filters'>): string {
  return JSON.stringify([groups, filters]);
}

function metricTable(metrics: MetricRow[], kinds: Kind[]): string {
  const rows = metrics.map((metric) => {
    const kind = kinds.find((known) => keyOf(known) === keyOf(metric))!;
    const required = metric.requires ? ` Needs the group \`${metric.requires}\`.` : '';
    const any = metric.requiresAny.length > 0 ? ` Needs one of the groups ${codes(metric.requiresAny)}.` : '';
    const interval = metric.hasInterval ? ' Has an [interval](query.md#shares-with-an-interval).' : '';
    return [
      `\`${metric.id}\``,
      cell(metric.definition) + required + any + interval,
      metric.unit,
      metric.better,
      kind.name,
    ];
  });
  return table(['metric', 'definition', 'unit', 'better', 'takes'], rows);
}

function takesPart(kinds: Kind[]): string {
  const rows = kinds.map(({ name, groups, filters }) => [name, codes(groups), codes(filters)]);
  return `## What they take\n\nAt most two groups in a question, any number of filters.\n\n${table(['takes', 'groups', 'filters'], rows)}`;
}

function dimensionsPart({ dimensions }: Catalogue): string {
  const rows = dimensions.map(({ name, definition, groups, filters }) => [
    `\`${name}\``,
    cell(definition),
    groups ? (filters ? 'group, filter' : 'group') : 'filter (`true`, `false`)',
  ]);
  return `## Dimensions\n\n${table(['dimension', 'what it is', 'use'], rows)}`;
}

function codes(names: readonly string[]): string {
  return names.length > 0 ? names.map((name) => `\`${name}\``).join(', ') : 'none';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
