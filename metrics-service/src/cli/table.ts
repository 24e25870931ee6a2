/** Plain columns for a terminal: a header line, then the rows, cells padded to the widest. */
export function columns(header: string[], rows: string[][]): string[] {
  const all = [header, ...rows].map((row) => row.map(oneLine));
  const widths = header.map((_name, index) => all.reduce((width, row) => Math.max(width, row[index]?.length ?? 0), 0));
  return all.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index]!))
      .join('  ')
      .trimEnd(),
  );
}

/** Makes text from outside safe to print: it cannot move the cursor or break the line. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, ' ');
}

/** A heading for a name such as `deadLetters`. */
export function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
