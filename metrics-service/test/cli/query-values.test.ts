import { describe, expect, it } from '@jest/globals';
import { bar, sparkline } from '../../src/cli/render/bars.js';
import { showCount, showDuration, showMoney, showShare, showTokens } from '../../src/format/numbers.js';
import { printable, showTime, showValue } from '../../src/format/values.js';

describe('values for people', () => {
  it.each([
    [0, '0'],
    [7, '7'],
    [48_210, '48,210'],
    [12.345, '12.35'],
    [0.5, '0.5'],
    [0.0833, '0.083'],
  ])('count %p', (value, text) => expect(showCount(value)).toBe(text));

  it.each([
    [9_999, '9,999'],
    [12_345, '12.3K'],
    [1_234_567, '1.2M'],
    [999_960, '1M'],
    [45_600_000_000, '45.6B'],
    [123.456, '123.46'],
  ])('tokens %p', (value, text) => expect(showTokens(value)).toBe(text));

  it.each([
    [0, '$0.00'],
    [1234.56, '$1,234.56'],
    [9_999.99, '$9,999.99'],
    [9_999.996, '$10,000'],
    [12_345.67, '$12,346'],
    [2, '$2.00'],
    [0.42, '$0.42'],
    [0.4213, '$0.42'],
    [0.01, '$0.01'],
    [0.00999, '$0.01'],
    [0.0042, '$0.0042'],
    [0.000042, '<$0.0001'],
    [0.99999, '$1.00'],
    [-12.345, '-$12.35'],
  ])('money %p', (value, text) => expect(showMoney(value)).toBe(text));

  it.each([
    [0, '0.0%'],
    [1, '100.0%'],
    [0.931, '93.1%'],
    [0.9999, '>99.9%'],
    [0.0001, '<0.1%'],
  ])('share %p', (value, text) => expect(showShare(value)).toBe(text));

  it.each([
    [0, '0ms'],
    [340.4, '340ms'],
    [999.7, '1s'],
    [12_340, '12.3s'],
    [59_960, '1m'],
    [83_000, '1m 23s'],
    [3_599_600, '1h'],
    [7_500_000, '2h 5m'],
    [86_399_000, '1d'],
    [273_600_000, '3d 4h'],
    [-83_000, '-1m 23s'],
  ])('duration %p', (value, text) => expect(showDuration(value)).toBe(text));

  it('shows times in the zone, and null as a dash', () => {
    expect(showTime(Date.UTC(2026, 6, 1, 22, 5), 'Europe/Vienna')).toBe('2026-07-02 00:05');
    expect(showTime(Date.UTC(2026, 0, 1, 0, 0, 7, 5), 'Asia/Kolkata')).toBe('2026-01-01 05:30');
    expect(showTime(Date.UTC(2026, 0, 1, 0, 0, 7, 5), 'UTC', 'millisecond')).toBe('2026-01-01 00:00:07.005');
    expect(showValue(null, 'money', 'UTC')).toBe('–');
    expect(showValue(false, 'flag', 'UTC')).toBe('no');
    expect(showValue(0.125, 'change', 'UTC')).toBe('+12.5%');
    expect(showValue(-1, 'change', 'UTC')).toBe('-100.0%');
    expect(showValue(0, 'change', 'UTC')).toBe('0.0%');
  });

  it('prints what a terminal would obey as code points, and leaves other scripts alone', () => {
    expect(printable('a\u001b[31mb\nc\u009b\u202ed')).toBe('a\\u001b[31mb\\u000ac\\u009b\\u202ed');
    expect(printable('Zoë 日本 👩‍💻')).toBe('Zoë 日本 👩‍💻');
  });
});

describe('bars', () => {
  it('are proportional, in eighths of a cell', () => {
    expect(bar(10, 10)).toBe('████████████');
    expect(bar(5, 10)).toBe('██████');
    // 1/16 of 12 cells: three quarters of one
    expect(bar(1, 16)).toBe('▊');
    expect(bar(1, 1_000_000)).toBe('▏');
    expect([bar(0, 10), bar(null, 10), bar(3, 0)]).toEqual(['', '', '']);
  });

  it('become sparklines with a gap for null', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([7, null, 3.5])).toBe('█ ▅');
    expect(sparkline([0, 0])).toBe('▁▁');
  });
});
