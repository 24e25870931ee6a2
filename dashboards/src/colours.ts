import {
  FieldColorBuilder,
  FieldColorModeId,
  type DynamicConfigValue,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { OUTCOME_COLOURS, WORDS } from '../../metrics-service/src/catalogue/index.js';

export { OUTCOME_COLOURS };
export const STATUS_WORDS = WORDS.status!;

/** The colour of a status that stands as text: as bars have it, with the contrast that small letters need. */
const TEXT_COLOURS: Readonly<Record<string, string>> = { FAILED: 'red', TIMEOUT: 'purple', IN_FLIGHT: 'blue' };

/** Tokens: what was read anew, what came from the cache, what was written. */
export const TOKEN_COLOURS: Readonly<Record<string, string>> = {
  uncached_input_tokens: 'semi-dark-blue',
  cache_write_tokens: 'light-purple',
  cache_read_tokens: '#6e6e7a',
  output_tokens: 'dark-orange',
};

/** The same thing more or less often, or more or less far out: one hue, from strong to pale. */
export const SHADES = ['blue', 'light-blue', 'super-light-blue'] as const;

export const PLAIN = 'text';
export const ACCENT = 'blue';

/** One colour for all that a panel or field shows. */
export function fixed(colour: string): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(colour);
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

/** Shows each status as its word, in one of these colours, or in `other`. */
function statusMapping(colours: Readonly<Record<string, string>>, other: string): DynamicConfigValue {
  const words = Object.entries(STATUS_WORDS).map(
    ([status, text], index) => [status, { color: colours[status] ?? other, index, text }] as const,
  );
  return { id: 'mappings', value: [{ type: 'value', options: Object.fromEntries(words) }] };
}

/** The bars of a chart that is coloured by status. */
export const STATUS_BARS = statusMapping(OUTCOME_COLOURS, ACCENT);

/** A status as text; what is as it should be, or was stopped by hand, is plain. */
export const STATUS_MAPPING = statusMapping(TEXT_COLOURS, PLAIN);
