/** Compares texts as UTF-8 bytes, as `collate "C"` does. */
export function compareUtf8(a: string, b: string): number {
  if (a === b) return 0;
  let index = 0;
  while (index < a.length && a.charCodeAt(index) === b.charCodeAt(index)) index += 1;
  const [unitA, unitB] = [a.charCodeAt(index), b.charCodeAt(index)];
  // a surrogate (a code point beyond U+FFFF) sorts behind every other unit, though its number is smaller
  const [rankA, rankB] = [unitRank(unitA), unitRank(unitB)];
  return rankA - rankB;
}

function unitRank(unit: number): number {
  if (Number.isNaN(unit)) return -1;
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
