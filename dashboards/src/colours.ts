import {
  FieldColorBuilder,
  FieldColorModeId,
  type DynamicConfigValue,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** The colour of a status, everywhere; in the order in which they are stacked. */
export const STATUS_COLOURS: Readonly<Record<string, string>> = {
  SUCCEEDED: 'green',
  FAILED: 'red',
  TIMEOUT: 'orange',
  CANCELED: '#8e8e9b',
  IN_FLIGHT: 'blue',
};

export const PLAIN = 'text';
export const ACCENT = 'blue';

/** One colour for all that a panel or field shows. */
export function fixed(colour: string): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(colour);
}

/** A colour for each name, the same on every board. */
export function byNameOfSeries(): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName);
}

export function colourProperty(colour: string): DynamicConfigValue {
  return { id: 'color', value: fixed(colour).build() };
}

/** The value mapping that colours a status where it stands as text. */
export const STATUS_MAPPING: DynamicConfigValue = {
  id: 'mappings',
  value: [
    {
      type: 'value',
      options: Object.fromEntries(
        Object.entries(STATUS_COLOURS).map(([status, color], index) => [status, { color, index, text: status }]),
      ),
    },
  ],
};
