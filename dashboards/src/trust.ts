import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { linksProperty } from './cards.js';
import { PLAIN, steps } from './colours.js';
import { DATA_QUALITY, toBoard } from './links.js';

/** What says how far numbers can be trusted, and how old the newest data is. */
export const TRUST = ['cost_coverage', 'token_coverage', 'terminal_runs'];
export const AGE = 'data_age';

const DAY_MS = 86_400_000;
/** Red below 90 %; what is not known lies below the first step. */
export const COVERAGE_STEPS = steps([-Infinity, PLAIN], [0, 'red'], [0.9, PLAIN]);
/** Red after three days. */
export const AGE_STEPS = steps([0, PLAIN], [3 * DAY_MS, 'red']);

/** Colours them where they should not be trusted; `leads`: to the board that says why. */
export function coloured(panel: PanelBuilder, { leads = false } = {}): PanelBuilder {
  const links = leads
    ? [linksProperty([toBoard(DATA_QUALITY, { title: 'Show what is missing, and what to do' })])]
    : [];
  const all: Readonly<Record<string, DynamicConfigValue[]>> = {
    cost_coverage: COVERAGE_STEPS,
    token_coverage: COVERAGE_STEPS,
    [AGE]: AGE_STEPS,
  };
  return Object.entries(all).reduce((built, [name, of]) => built.overrideByName(name, [...of, ...links]), panel);
}
