import type { Made, RolledNote } from '../../query/made.js';

/** What an answer was made of: a line for each thing that came from slots, then one for each statement. */
export function engineLines({ kept, steps }: Made): string[] {
  const time = steps.reduce((sum, { ms }) => sum + ms, 0);
  return [
    ...(kept.length > 0 ? kept.map(keptLine) : ['from the rows']),
    ...steps.map(({ reads, ms }) => `${inMs(ms)}  ${[...reads].sort().join(', ')}`),
    `${inMs(time)}  in all`,
  ];
}

function keptLine({ kept, by, slots, raw }: RolledNote): string {
  if (kept === 'moments') return `sessions counted by their first and last moments, in ${times(slots, 'window')}`;
  if (kept === 'lives') return `sessions by their whole life's ${by}: the first ${slots}`;
  const what = `${kept === 'sums' ? 'sums' : 'values in order'}${by === null ? '' : ` by ${by}`}`;
  const rest = raw.length === 0 ? '' : `; the rows of ${times(raw.length, 'piece')}`;
  return `${what} of ${times(slots, 'stretch', 'es')} of slots${rest}`;
}

function times(count: number, what: string, more = 's'): string {
  return `${count} ${what}${count === 1 ? '' : more}`;
}

function inMs(ms: number): string {
  return `${ms.toFixed(1)} ms`.padStart(10);
}
