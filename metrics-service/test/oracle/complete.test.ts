import { describe, expect, it } from '@jest/globals';
import { DIMENSIONS, METRICS, takes } from '../../src/catalogue/index.js';
import { hasInterval } from '../../src/catalogue/metric.js';
import { TAKES } from '../../src/catalogue/dimensions.js';
import { EVENT_TYPES } from '../../src/contract/events.js';
import { randomEvents } from '../support/random-events.js';
import { ASKED } from '../support/random-families.js';
import { SHARES } from './interval.js';
import { ORACLE_METRICS } from './metrics.js';

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();
const METRIC_IDS = sorted(METRICS.map(({ id }) => id));

/** What is added to the catalogue or the contract must be compared with the oracle too: here it shows if it is not. */
describe('the comparison with the oracle leaves nothing out', () => {
  it('every metric is known to the oracle', () => {
    expect(sorted(ORACLE_METRICS)).toEqual(METRIC_IDS);
  });

  it('every metric is asked for, and by the model of calls where it can be', () => {
    expect(sorted(ASKED.metrics)).toEqual(METRIC_IDS);
    const split = METRICS.filter((metric) => takes(metric).groups.includes('call_model'));
    expect(sorted(ASKED.split)).toEqual(sorted(split.map(({ id }) => id)));
  });

  it('every dimension is grouped by and filtered on, where it can be', () => {
    const all = Object.values(TAKES);
    expect(sorted(ASKED.groups)).toEqual(sorted(all.flatMap(({ groups }) => groups)));
    expect(sorted(ASKED.filters)).toEqual(sorted(all.flatMap(({ filters }) => filters)));
    expect(sorted([...ASKED.groups, ...ASKED.filters])).toEqual(
      sorted(DIMENSIONS.flatMap(({ name, ofLists }) => (ofLists ? [] : [name]))),
    );
  });

  it('every metric that is a share of cases is known as one', () => {
    expect(sorted(SHARES)).toEqual(sorted(METRICS.filter(hasInterval).map(({ id }) => id)));
  });

  it('every event type is among the random events', () => {
    const types = Array.from({ length: 20 }, (_, seed) => randomEvents(seed, { count: 200 }).events).flat();
    expect(sorted(types.map(({ type }) => type))).toEqual(sorted(EVENT_TYPES));
  });
});
