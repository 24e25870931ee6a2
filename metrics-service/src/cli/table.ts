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

/** Text from elsewhere must not move the cursor or break a line. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, ' ');
}

/** What JSON calls `deadLetters`, as a heading. */
export function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
