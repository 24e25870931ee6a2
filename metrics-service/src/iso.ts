const DAY_MS = 86_400_000;

let day = { number: NaN, text: '' };

/** Epoch milliseconds as ISO 8601 text. The last day's text is kept: `Date` takes several times as long. */
export function isoOf(ms: number): string {
  const number = Math.floor(ms / DAY_MS);
  if (number !== day.number) day = { number, text: new Date(ms).toISOString().slice(0, -13) };
  const ofDay = ms - number * DAY_MS;
  const [hour, minute] = [Math.floor(ofDay / 3_600_000), Math.floor(ofDay / 60_000) % 60];
  const [second, rest] = [Math.floor(ofDay / 1_000) % 60, Math.floor(ofDay % 1_000)];
  return `${day.text}${two(hour)}:${two(minute)}:${two(second)}.${rest < 100 ? '0' : ''}${two(rest)}Z`;
}

function two(number: number): string {
  return number < 10 ? `0${number}` : `${number}`;
}

/**
 * Epoch milliseconds as ISO 8601 text. The last text is kept: an event states the same moment several times, and all events
 * of a request were received at once.
 */
export function isoWriter(): (ms: number) => string {
  let known = { ms: NaN, text: '' };
  return (ms) => {
    if (ms !== known.ms) known = { ms, text: isoOf(ms) };
    return known.text;
  };
}
