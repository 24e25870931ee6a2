/** Compares texts as UTF-8 bytes, as `collate "C"` does. Called millions of times to order large answers. */
export function compareUtf8(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = a.length < b.length ? a.length : b.length;
  let index = 0;
  while (index < shorter && a.charCodeAt(index) === b.charCodeAt(index)) index += 1;
  if (index === shorter) return a.length - b.length;
  return unitRank(a.charCodeAt(index)) - unitRank(b.charCodeAt(index));
}

/** A surrogate (a code point beyond U+FFFF) sorts behind every other unit, though its number is smaller. */
function unitRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
