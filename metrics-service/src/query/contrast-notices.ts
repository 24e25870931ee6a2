import type { Notice } from '../contract/frames.js';
import { alikeIn, type Side } from './contrast.js';
import { filterInWords } from './reasons.js';
import type { Contrast } from './statements/contrast.js';

/** What a reader of a contrast might misread. */
export function contrastNotices({ of, by }: Contrast, [one, other]: readonly [Side, Side]): Notice[] {
  const what = of === 'sessions' ? 'sessions' : 'work items';
  const info = (text: string): Notice => ({ severity: 'info', text });
  const all = one.ones + other.ones;
  if (all === 0) return [];
  const missing = one.ones === 0 ? 'with' : other.ones === 0 ? 'without' : null;
  const alike = alikeIn(one, other).map(({ title }) => title.toLowerCase());
  const few = [one, other].some(({ samples: { runs } }) => runs.count < 10n);
  const known = Number(one.samples.cost.count + other.samples.cost.count);
  return [
    info(`this compares what people chose, not what caused it: ${what} with and without may differ in much else`),
    ...(missing ? [info(`there are no ${what} ${missing} ${filterInWords(by)}: nothing can be compared`)] : []),
    ...(alike.length > 0 ? [info(`not told apart in ${listed(alike)}: the difference may be chance`)] : []),
    ...(few ? [info(`averages over fewer than 10 ${what} have no interval`)] : []),
    ...(known < all
      ? [
          {
            severity: 'warning',
            text: `average cost is over ${known.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} ${what}: that of the others is not fully known`,
          } as const,
        ]
      : []),
  ];
}

function listed(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
