import { type DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  PercentChangeColorMode,
  ReduceDataOptionsBuilder,
  VizTextDisplayOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { fixed, PLAIN } from './colours.js';
import type { Link } from './links.js';
import { definitions, metric } from './metric.js';

/** The sign for what is not known; zero is shown as zero. */
export const NO_VALUE = '–';

const CHANGE_COLOURS = {
  higher: PercentChangeColorMode.Standard,
  lower: PercentChangeColorMode.Inverted,
  neither: PercentChangeColorMode.SameAsValue,
} as const;

interface Cards {
  readonly id: number;
  /** of the panel: what a screen reader calls it */
  readonly title: string;
  /** metrics of one direction: the colour of a change is an option of the whole panel */
  readonly metrics: readonly string[];
  readonly width: number;
  readonly height: number;
  /** of the values, in pixels */
  readonly size?: number | undefined;
  /** a metric's card leads there */
  readonly links?: Readonly<Record<string, Link>>;
}

/** Big numbers with their change against the period before. Targets are for the caller to set. */
export function cards({ id, title, metrics, width, height, size, links = {} }: Cards): PanelBuilder {
  const { better } = metric(metrics[0]!);
  const odd = metrics.find((name) => metric(name).better !== better);
  if (odd) throw new Error(`${metrics[0]} and ${odd} have no direction in common: put them into panels of their own`);
  const panel = numbers({ id, title, metrics, width, height, size })
    .showPercentChange(true)
    .percentChangeColorMode(CHANGE_COLOURS[better]);
  return Object.entries(links).reduce(
    (built, [name, link]) => built.overrideByName(name, [linksProperty([link])]),
    panel,
  );
}

/** Metrics beside each other, each with its title. */
export function numbers({ metrics, ...place }: Omit<Cards, 'links'>): PanelBuilder {
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
