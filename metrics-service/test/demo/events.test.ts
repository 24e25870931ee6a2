import { describe, expect, it } from '@jest/globals';
import { demoEvents } from '../../src/demo/index.js';
import { PEOPLE } from '../../src/demo/people.js';
import { parseEvent } from '../../src/ingest/parse.js';

const HOUR_MS = 3_600_000;

describe('the events of the demo', () => {
  it('are the same for the same moment', () => {
    const now = Date.UTC(2026, 3, 15, 14, 20);
    expect(JSON.stringify([...demoEvents(now)])).toBe(JSON.stringify([...demoEvents(now)]));
  });

  it.each([
    ['a Monday at midnight', Date.UTC(2026, 3, 13)],
    ['a Sunday night', Date.UTC(2026, 3, 19, 23, 59, 59, 999)],
    ['a working day’s morning, in a leap year', Date.UTC(2028, 2, 1, 6, 30)],
  ])('are whole relative to %s', (_, now) => {
    const events = [...demoEvents(now)];
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(events.flatMap((event) => parseEvent(event).fault ?? [])).toEqual([]);
    const times = events.map(({ time }) => Date.parse(time));
    const [first, last] = [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))];
    expect(last).toBeLessThanOrEqual(now);
    expect(last).toBeGreaterThan(now - HOUR_MS);
    expect(Math.round((now - first) / (24 * HOUR_MS))).toBeGreaterThanOrEqual(119);
    const runs = events.filter(({ type }) => type === 'run.started').length;
    expect(runs).toBeGreaterThan(19_700);
    expect(runs).toBeLessThan(20_300);
  });

  it('are about people with names of their own', () => {
    expect(PEOPLE).toHaveLength(60);
    expect(new Set(PEOPLE.map(({ name }) => name)).size).toBe(60);
    expect(new Set(PEOPLE.map(({ team }) => team)).size).toBe(8);
  });
});
