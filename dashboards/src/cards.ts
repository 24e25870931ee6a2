import { type DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
  VizTextDisplayOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { fixed, PLAIN } from './colours.js';
import type { Link } from './links.js';
import { definitions, metric } from './metric.js';
import { answersOf, ask, OTHER_PANEL, type Setting } from './query.js';

/** The sign for what is not known; zero is shown as zero. */
export const NO_VALUE = '–';

interface Card {
  readonly id: number;
  readonly metric: string;
  readonly width: number;
  readonly height: number;
  readonly link?: Link | undefined;
}

/**
 * One big number with its change and, behind it, its points: of a query with `sparkline`, which sends the shown text and its
 * colour. The target is for the caller to set.
 */
export function card({ id, metric: name, width, height, link }: Card): PanelBuilder {
  const { title, definition } = metric(name);
  const panel = new PanelBuilder()
    .id(id)
    .title(title)
    .description(definition)
    .span(width)
    .height(height)
    .noValue(NO_VALUE)
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.Area)
    .textMode(BigValueTextMode.ValueAndName)
    .wideLayout(false)
    .text(sizes(12, 24))
    .reduceOptions(new ReduceDataOptionsBuilder().values(false).calcs(['last']).fields(''));
  return link ? panel.overrideByName(name, [linksProperty([link])]) : panel;
}

/** The question for a card, or for several that share the answer: a query each, named by its metric. */
export function askForCards(setting: Setting, metrics: readonly string[]) {
  return metrics.map((name) =>
    ask(setting, { refId: name, view: 'total', metrics: [name], compare: 'same_weekdays', sparkline: true }),
  );
}

export type Cards = Readonly<Record<string, Link | undefined>>;

/**
 * Rows of cards that share the answer to one request: the first card asks, and all show the part that is theirs. Their ids
 * follow each other; without a width those of a row fill it.
 */
export function sharedCards(
  setting: Setting,
  firstId: number,
  rows: readonly Cards[],
  { width, height }: { width?: number; height: number },
): PanelBuilder[] {
  const cards = rows.flatMap((row) => {
    const each = width ?? 24 / Object.keys(row).length;
    return Object.entries(row).map(([metric, link]) => ({ metric, link, width: each }));
  });
  return cards.map(({ metric, ...shown }, index) => {
    const panel = card({ id: firstId + index, metric, height, ...shown }).withTransformation({
      id: 'filterByRefId',
      options: { include: metric },
    });
    if (index > 0) return panel.datasource(OTHER_PANEL).withTarget(answersOf(firstId));
    const queries = askForCards(
      setting,
      cards.map((one) => one.metric),
    );
    return queries.reduce((built, query) => built.withTarget(query), panel.datasource(setting.datasource));
  });
}

interface Numbers extends Omit<Figures, 'fields'> {
  readonly metrics: readonly string[];
}

/** Metrics beside each other, each with its title. */
export function numbers({ metrics, ...place }: Numbers): PanelBuilder {
  return figures({ ...place, fields: metrics.map((name) => metric(name).title) }).description(definitions(metrics));
}

interface Figures {
  readonly id: number;
  readonly title: string;
  /** what the fields are shown as */
  readonly fields: readonly string[];
  readonly width: number;
  readonly height: number;
  /** of the values, in pixels: 24 if nothing is said */
  readonly size?: number | undefined;
}

/** The fields with these titles as numbers beside each other. */
export function figures({ id, title, fields, width, height, size = 24 }: Figures): PanelBuilder {
  const names = fields.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new PanelBuilder()
    .id(id)
    .title(title)
    .span(width)
    .height(height)
    .noValue(NO_VALUE)
    .colorScheme(fixed(PLAIN))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.ValueAndName)
    .wideLayout(false)
    .text(sizes(size < 24 ? 12 : 13, size))
    .reduceOptions(
      // last, not lastNotNull: that would show the period before where this one has no value
      new ReduceDataOptionsBuilder()
        .values(false)
        .calcs(['last'])
        .fields(`/^(${names.join('|')})$/`),
    );
}

/** Small figures, for what is read in passing. */
export function inPassing(panel: PanelBuilder): PanelBuilder {
  return panel.text(sizes(11, 14));
}

/** Sizes in pixels; without them every panel would choose its own. */
function sizes(title: number, value: number): VizTextDisplayOptionsBuilder {
  return new VizTextDisplayOptionsBuilder().titleSize(title).valueSize(value).percentSize(title);
}

export function linksProperty(links: readonly Link[]): DynamicConfigValue {
  return { id: 'links', value: links };
}
