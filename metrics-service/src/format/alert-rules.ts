/**
 * What keeps a query from being one of an alert rule, in the words of the service's errors and of the plugin's editor, which
 * has these functions in the browser: this file imports nothing.
 */

/** A view with many numbers, or none. */
export function notOneNumber(view: string): string {
  return `an alert rule compares one number for its range, as the view Total gives it: ${view} gives others`;
}

/** Grafana calls their values "duplicate results". */
export const ONE_METRIC = 'an alert rule takes one metric for each query: add a query for each of the others';

export const NO_COMPARISON = 'an alert rule takes no period before: it would be a second number';

export function noVariables(text: string): string {
  return `alert rules have no variables, so ${text} stands for nothing: write the value, or remove it`;
}

/** About people and sessions. */
export function manyOnly(who: string, dimension: string): string {
  return `${who} see numbers of many only: not grouped by ${dimension}, nor filtered to it`;
}

export const WHO_ALLOWS = '`runboard org update --alert-visibility organization` allows it';
