/**
 * One colour for one meaning, on every board. Grafana's names have a tint of their own for its dark and its light theme.
 * All of a set are told apart by the colour-blind, too, and from both backgrounds: test/catalogue/colours.test.ts.
 */
export const OUTCOME_COLOURS: Readonly<Record<string, string>> = {
  SUCCEEDED: 'dark-green',
  FAILED: 'light-red',
  TIMEOUT: 'light-purple',
  CANCELED: '#6e6e7a',
  IN_FLIGHT: 'semi-dark-blue',
};

/** Of what has no name of its own: the groups that are not shown. */
export const UNNAMED_COLOUR = '#805898';

/** Of models: no red and no green, which say how a run ended. */
export const MODEL_COLOURS = [
  '#7882ff',
  '#9b8c14',
  '#239b91',
  '#eb0a73',
  '#9b41be',
  '#b95f41',
  '#7841fa',
  '#8c8cbe',
] as const;

/** Families that are used beside each other, so that they never meet in one colour. */
const FAMILIES = ['opus', 'gpt', 'haiku', 'gemini', 'sonnet'];

/**
 * A colour for each of these models: the one of its name, whatever else is shown, but for the second of two that would
 * have the same.
 */
export function modelColours(models: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Map<number, string>();
  const colours = new Map<string, string>();
  for (const model of [...new Set(models)].sort()) {
    let place = placeOf(model);
    while (taken.size < MODEL_COLOURS.length && taken.has(place)) place = (place + 1) % MODEL_COLOURS.length;
    taken.set(place, model);
    colours.set(model, MODEL_COLOURS[place]!);
  }
  return colours;
}

function placeOf(model: string): number {
  const family = FAMILIES.findIndex((name) => model.includes(name));
  if (family >= 0) return family;
  const hash = [...model].reduce((sum, character) => (sum * 31 + character.codePointAt(0)!) % 65_521, 7);
  return FAMILIES.length + (hash % (MODEL_COLOURS.length - FAMILIES.length));
}
