import { nameOf } from './names.js';

const STANDARD = new Set(['', 'standard', 'normal', 'default', 'auto', 'global', 'not_available']);

/** A term that a call's price depends on (its tier, speed, region); what says only that it is the standard is left out. */
export function termOf(value: unknown): string | undefined {
  const name = nameOf(value);
  return name === null || STANDARD.has(name.toLowerCase()) ? undefined : name;
}
