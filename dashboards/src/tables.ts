import type { DataTransformerConfig, DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { BarGaugeDisplayMode, BarGaugeValueMode, TableCellHeight } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { NO_VALUE, linksProperty } from './cards.js';
import { ACCENT, colourProperty } from './colours.js';
import type { Link } from './links.js';
import { decimalsOf, metric } from './metric.js';

/** As the filters name rows without a value. */
export const WITHOUT_VALUE: DynamicConfigValue = { id: 'noValue', value: '(none)' };

interface Table {
  readonly width: number;
  readonly height: number;
  /** those of the columns that are metrics */
  readonly metrics?: readonly string[];
}

/** An empty table; what stands in its columns is said by the functions below, as properties of a field. */
export function table(id: number, title: string, { width, height, metrics = [] }: Table): PanelBuilder {
  const built = new PanelBuilder()
    .id(id)
    .title(title)
    .span(width)
    .height(height)
    .noValue(NO_VALUE)
    .cellHeight(TableCellHeight.Sm)
    .showHeader(true)
    .minWidth(80)
    .withOverride({
      matcher: { id: 'byRegexp', options: '/.*/' },
      properties: [{ id: 'custom.wrapHeaderText', value: true }],
    });
  return metrics
    .map((name) => [name, decimalsOf(name)] as const)
    .filter(([, decimals]) => decimals !== undefined)
    .reduce((made, [name, decimals]) => made.overrideByName(name, [{ id: 'decimals', value: decimals }]), built);
}

/** Not shown, but at hand for links. */
export const HIDDEN: DynamicConfigValue[] = [{ id: 'custom.hidden', value: true }];

/** The id beside a name, which only links need. */
export const ID: DynamicConfigValue[] = [...HIDDEN, WITHOUT_VALUE];

/** Grafana 12.4 puts an override's links beside those that the service sends; ours keep the filters of the board. */
const NO_LINKS: DynamicConfigValue = { id: 'links', value: null };

/** Where a click on a name leads to; from rows without one, to the others without one. */
export function link(...links: Link[]): DynamicConfigValue[] {
  return [NO_LINKS, linksProperty(links), WITHOUT_VALUE];
}

export function width(pixels: number): DynamicConfigValue {
  return { id: 'custom.width', value: pixels };
}

/** Where the others leave less, one scrolls sideways: on a phone, words one below the other are no text. */
export function atLeast(pixels: number): DynamicConfigValue {
  return { id: 'custom.minWidth', value: pixels };
}

/** A small bar beside the number: its part of the greatest in the column. */
export function bar(): DynamicConfigValue[] {
  return [
    {
      id: 'custom.cellOptions',
      value: { type: 'gauge', mode: BarGaugeDisplayMode.Basic, valueDisplayMode: BarGaugeValueMode.Text },
    },
    { id: 'fieldMinMax', value: true },
    { id: 'min', value: 0 },
    colourProperty(ACCENT),
  ];
}

/** The ends of a share's interval, sent by a query with `intervals`: beside the share, in whole percent. */
export function withInterval(built: PanelBuilder, share: string): PanelBuilder {
  // Grafana takes columns with the same heading for one
  const name = metric(share).title.replace(/ rate$/, '');
  const shown = (end: string) => [
    width(65),
    { id: 'displayName', value: `${name} ${end}` },
    { id: 'decimals', value: 0 },
  ];
  return built.overrideByName(`${share}_low`, shown('from')).overrideByName(`${share}_high`, shown('to'));
}

/** What headings of such a column are called before they are shown. */
export function headings(id: string, hasInterval = false): string[] {
  const { title } = metric(id);
  return [title, ...(hasInterval ? [`${title} (low)`, `${title} (high)`] : [])];
}

/** For the description of a table with intervals. */
export const INTERVALS =
  'Beside a share, *from* and *to* are its 95 % interval: with few cases it is wide, and what lies in it may be so by ' +
  'chance. The sign next to the title names those that are not told apart.';

/** The points of a metric, sent by a query with `trend`. */
export const SPARKLINE: DynamicConfigValue[] = [
  { id: 'custom.cellOptions', value: { type: 'sparkline', hideValue: true, lineWidth: 1, fillOpacity: 10 } },
  colourProperty(ACCENT),
];

/** The text in the colour that its value mapping gives it. */
export const COLOURED_TEXT: DynamicConfigValue = { id: 'custom.cellOptions', value: { type: 'color-text' } };

/** The cell in the colour of its thresholds, with text that can be read on it. */
export const COLOURED_CELL: DynamicConfigValue = {
  id: 'custom.cellOptions',
  value: { type: 'color-background', mode: 'basic' },
};

/** Long ids go on in a second line. */
export const WRAPPED: DynamicConfigValue = { id: 'custom.cellOptions', value: { type: 'auto', wrapText: true } };

/** Where nothing is said there is nothing to know. */
export const EMPTY: DynamicConfigValue = { id: 'noValue', value: '' };

/** A moment to the minute. */
export const TO_THE_MINUTE: DynamicConfigValue[] = [width(140), { id: 'unit', value: 'time:YYYY-MM-DD HH:mm' }];

/** The same where there is little room. */
export const SHORT_TIME: DynamicConfigValue[] = [width(105), { id: 'unit', value: 'time:MMM D HH:mm' }];

/** A mapping: Grafana's tables take no unit for what is true or false. */
export const YES_NO: DynamicConfigValue = {
  id: 'mappings',
  value: [{ type: 'value', options: { true: { text: 'Yes', index: 0 }, false: { text: 'No', index: 1 } } }],
};

/** What stands in the place of an empty list: why it is empty, and where to go on. */
export const NOTE = 'Nothing to show';

/** Only the fields that are shown with these titles. */
export function only(titles: readonly string[]): DataTransformerConfig {
  return { id: 'filterFieldsByName', options: { include: { names: titles } } };
}

/** The fields with these titles first, in this order, and none of those to be left out. */
export function inOrder(titles: readonly string[], without: readonly string[] = []): DataTransformerConfig {
  return {
    id: 'organize',
    options: {
      indexByName: Object.fromEntries(titles.map((title, index) => [title, index])),
      excludeByName: Object.fromEntries(without.map((title) => [title, true])),
    },
  };
}
