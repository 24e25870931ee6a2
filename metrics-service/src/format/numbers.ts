/**
 * How numbers are written for people, everywhere: cards, tables, axes, the command line, MCP. The plugin has these functions
 * in the browser, so this file imports nothing.
 */

/** What a number is; `change` is a ratio with its sign, `points` a difference of shares, in percentage points. */
export type NumberKind = 'count' | 'tokens' | 'money' | 'duration' | 'share' | 'change' | 'points';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const small = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 });
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const oneDecimal = { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 } as const;
const percent = new Intl.NumberFormat('en-US', oneDecimal);
const signedPoints = new Intl.NumberFormat('en-US', {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
  signDisplay: 'exceptZero',
});
const signedPercent = new Intl.NumberFormat('en-US', { ...oneDecimal, signDisplay: 'exceptZero' });

function dollars(decimals: number): Intl.NumberFormat {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', ...digits });
}

const DOLLARS = { whole: dollars(0), cents: dollars(2), fractions: dollars(4) };

export function showNumber(value: number, kind: NumberKind): string {
  switch (kind) {
    case 'tokens':
      return showTokens(value);
    case 'money':
      return showMoney(value);
    case 'duration':
      return showDuration(value);
    case 'share':
      return showShare(value);
    case 'change':
      return signedPercent.format(value);
    case 'points':
      return `${signedPoints.format(value)} pp`;
    default:
      return showCount(value);
  }
}

/** 1,234; 12.35; 0.083 */
export function showCount(value: number): string {
  return (Math.abs(value) < 0.1 ? small : whole).format(value);
}

/** 1 run; 1,234 runs; 0 runs */
export function plural(count: number, noun: string): string {
  return `${whole.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** 9,999; 12.3K; 1.2M */
export function showTokens(value: number): string {
  return (Math.abs(value) < 10_000 ? whole : compact).format(value);
}

/** $12,346 from ten thousand on, $1,234.56, $0.42; $0.0042 below a cent; <$0.0001 for what is not nothing */
export function showMoney(usd: number): string {
  if (usd < 0) return `-${showMoney(-usd)}`;
  if (usd > 0 && usd < 0.000_05) return '<$0.0001';
  // by what is written: 9,999.996 is $10,000
  if (usd === 0 || usd >= 0.009_95) return (usd >= 9_999.995 ? DOLLARS.whole : DOLLARS.cents).format(usd);
  return DOLLARS.fractions.format(usd);
}

/** 93.1%; 0.0% and 100.0% only for exactly these values */
export function showShare(value: number): string {
  const text = percent.format(value);
  if (text === '100.0%' && value < 1) return '>99.9%';
  return text === '0.0%' && value > 0 ? '<0.1%' : text;
}

/** The two largest units: 340ms, 12.3s, 1m 23s, 2h 5m, 3d 4h */
export function showDuration(ms: number): string {
  if (ms < 0) return `-${showDuration(-ms)}`;
  if (Math.round(ms) < 1000) return `${Math.round(ms)}ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${tenths / 10}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return twoUnits(seconds, 60, 'm', 's');
  const minutes = Math.round(ms / 60_000);
  if (minutes < 24 * 60) return twoUnits(minutes, 60, 'h', 'm');
  return twoUnits(Math.round(ms / 3_600_000), 24, 'd', 'h');
}

function twoUnits(total: number, per: number, large: string, little: string): string {
  const rest = total % per;
  return `${showCount(Math.floor(total / per))}${large}${rest > 0 ? ` ${rest}${little}` : ''}`;
}
