import { describe, expect, it } from '@jest/globals';
import { greeting } from '../../src/cli/greeting.js';
import { spanFlags, spanText } from '../../src/cli/span.js';

const NOW = Date.UTC(2026, 2, 31, 10);
const question = (newestMs: number | null): string =>
  /npx runboard query .*/.exec(
    greeting({ url: 'http://h', data: 'd', orgId: 'o', ownOrgId: 'o', token: 't', nowMs: NOW, newestMs, overview: [] }),
  )![0];

describe('the question that npm start proposes', () => {
  it.each([
    [null, '--last 30d'],
    [NOW - 86_400_000, '--last 30d'],
    // older than any window that ends now: the days up to the newest event
    [Date.UTC(2025, 11, 31, 23, 59), '--last 30d --to 2026-01-01 --timezone UTC'],
  ])('where the newest event is of %s', (newestMs, flags) => {
    expect(question(newestMs)).toBe(`npx runboard query runs run_success_rate total_cost ${flags}`);
  });
});

describe('the days of a span', () => {
  it('are whole ones, the last included', () => {
    const span = { firstMs: Date.UTC(2026, 0, 5, 23), lastMs: Date.UTC(2026, 1, 28) };
    expect(spanText(span)).toBe('from 2026-01-05 to 2026-02-28 (UTC)');
    expect(spanFlags(span)).toBe('--from 2026-01-05 --to 2026-03-01 --timezone UTC');
  });
});
