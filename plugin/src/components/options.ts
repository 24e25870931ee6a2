import { type ComboboxOption } from '@grafana/ui';
import { getTemplateSrv } from '@grafana/runtime';
import { isVariable } from '../is-variable';
import { type Catalogue } from '../types';

/** The dashboard's variables, as what can stand for a value. */
export function variableOptions(): ComboboxOption[] {
  return getTemplateSrv()
    .getVariables()
    .map(({ name }) => ({ value: `$${name}`, label: `$${name}`, group: 'Variables' }));
}

export function metricOptions({ metrics }: Catalogue): ComboboxOption[] {
  return metrics.map(({ id, title, definition, section, unit }) => ({
    value: id,
    label: title,
    description: `${unit}: ${definition}`,
    group: section,
  }));
}

export function dimensionOptions({ dimensions }: Catalogue, names: readonly string[]): ComboboxOption[] {
  return dimensions
    .filter(({ name }) => names.includes(name))
    .map(({ name, title, definition }) => ({ value: name, label: title, description: definition }));
}

/** The options with those that are chosen and not among them, so that nothing chosen is dropped or without a name. */
export function withChosen(options: ComboboxOption[], chosen: readonly string[], why: string): ComboboxOption[] {
  const known = new Set(options.map(({ value }) => value));
  const missing = chosen.filter((value) => !known.has(value));
  return [...missing.map((value) => ({ value, label: isVariable(value) ? value : `${value} (${why})` })), ...options];
}

export { isVariable };
