import {
  FieldColorBuilder,
  FieldColorModeId,
  type DynamicConfigValue,
} from '@grafana/grafana-foundation-sdk/dashboard';

/**
 * The colour of a status, everywhere; in the order in which they are stacked. Red, purple and blue can be read as text
 * on Grafana's dark and its light background; no orange can.
 */
export const STATUS_COLOURS: Readonly<Record<string, string>> = {
  SUCCEEDED: 'green',
  FAILED: 'red',
  TIMEOUT: 'purple',
  CANCELED: '#8e8e9b',
  IN_FLIGHT: 'blue',
};

/** Tokens: what was read anew, what came from the cache, what was written. */
export const TOKEN_COLOURS: Readonly<Record<string, string>> = {
  uncached_input_tokens: 'blue',
  cache_write_tokens: 'purple',
  cache_read_tokens: '#8e8e9b',
  output_tokens: 'orange',
};

/** The same thing more or less often, or more or less far out: one hue, from strong to pale. */
export const SHADES = ['blue', 'light-blue', 'super-light-blue'] as const;

export const PLAIN = 'text';
export const ACCENT = 'blue';

/** One colour for all that a panel or field shows. */
export function fixed(colour: string): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(colour);
}

/** A colour for each name, the same on every board and whatever else is shown. */
export function byNameOfSeries(): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName);
}

type Step = readonly [from: number, colour: string];

/** Coloured where a value is on the wrong side; the first step's colour holds from the beginning. */
export function steps(first: Step, ...others: readonly Step[]): DynamicConfigValue[] {
  const all = [{ value: null, color: first[1] }, ...others.map(([value, color]) => ({ value, color }))];
  return [
    { id: 'color', value: { mode: FieldColorModeId.Thresholds } },
    { id: 'thresholds', value: { mode: 'absolute', steps: all } },
  ];
}

export function colourProperty(colour: string): DynamicConfigValue {
  return { id: 'color', value: fixed(colour).build() };
}

/** What is as it should be, or over, is plain text: neither green nor grey has the contrast that text needs. */
const PLAIN_TEXT = ['SUCCEEDED', 'CANCELED'];

/** The value mapping that colours a status where it stands as text. */
export const STATUS_MAPPING: DynamicConfigValue = {
  id: 'mappings',
  value: [
    {
      type: 'value',
      options: Object.fromEntries(
        Object.entries(STATUS_COLOURS).map(([status, colour], index) => [
          status,
          { color: PLAIN_TEXT.includes(status) ? PLAIN : colour, index, text: status },
        ]),
      ),
    },
  ],
};
