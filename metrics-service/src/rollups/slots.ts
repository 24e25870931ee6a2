const MINUTE_MS = 60_000;

/** What is marked. */
export const SLOT_MINUTES = 5;
/** The half-open interval [from, to) in epoch milliseconds. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Adjoining slots of one length. */
export interface Slots extends Span {
  readonly minutes: number;
}

/** What a span is made of: slots whose sums can be taken, and the rest, which has to be read from the rows. */
export interface Pieces {
  readonly slots: readonly Slots[];
  readonly raw: readonly Span[];
}

/**
 * Cuts a span (in whole milliseconds) into the longest slots that have their sums, and the rest. `dirty` are the starts of
 * marked slots, in order: no slot that holds one has its sums. `levels` are the lengths of slots in minutes, the longest first: each
 * is a multiple of the next, and they begin at multiples of their length since the epoch. Pure.
 */
export function cutIntoSlots({ from, to }: Span, dirty: readonly number[], levels: readonly number[]): Pieces {
  const shortestMs = levels.at(-1)! * MINUTE_MS;
  const [first, last] = [ceil(from, shortestMs), floor(to, shortestMs)];
  if (first >= last) return { slots: [], raw: [{ from, to }] };
  const slots: Slots[] = [];
  const raw: Span[] = [];
  const addRaw = (span: Span): void => {
    if (span.from >= span.to) return;
    const before = raw.at(-1);
    if (before?.to === span.from) raw[raw.length - 1] = { from: before.from, to: span.to };
    else raw.push(span);
  };
  addRaw({ from, to: first });
  let clean = first;
  for (const marked of dirty) {
    const start = floor(marked, shortestMs);
    if (start < clean || start >= last) continue;
    addSlots(slots, { from: clean, to: start }, levels);
    addRaw({ from: start, to: start + shortestMs });
    clean = start + shortestMs;
  }
  addSlots(slots, { from: clean, to: last }, levels);
  addRaw({ from: last, to });
  return { slots, raw };
}

/** The span, which begins and ends with slots of the last of the levels, as the longest slots of these levels. */
function addSlots(slots: Slots[], { from, to }: Span, [minutes, ...shorter]: readonly number[]): void {
  if (from >= to || minutes === undefined) return;
  const ms = minutes * MINUTE_MS;
  const [first, last] = [ceil(from, ms), floor(to, ms)];
  if (first >= last) return addSlots(slots, { from, to }, shorter);
  addSlots(slots, { from, to: first }, shorter);
  slots.push({ minutes, from: first, to: last });
  addSlots(slots, { from: last, to }, shorter);
}

/** The start of the slot of that length which holds the instant. */
export function floor(instant: number, ms: number): number {
  return Math.floor(instant / ms) * ms;
}

function ceil(instant: number, ms: number): number {
  return Math.ceil(instant / ms) * ms;
}
