import stringWidth from 'string-width';

export interface TextColumn {
  readonly head: string;
  readonly align: 'left' | 'right';
}

const GAP = '  ';

/** Columns separated by two spaces, without borders; `paint` colours the header. Only headers may contain line breaks. */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  paint: (text: string) => string = (text) => text,
): string[] {
  const heads = headRows(columns.map(({ head }) => head.split('\n')));
  const sizes = [...heads, ...rows].map((row) => row.map(cellsOf));
  const widths = columns.map((_, index) => sizes.reduce((most, row) => Math.max(most, row[index]!), 0));
  const lines = [...heads, ...rows].map((row, at) => {
    const cells = row.map((cell, index) => {
      const blanks = ' '.repeat(widths[index]! - sizes[at]![index]!);
      return columns[index]!.align === 'right' ? blanks + cell : cell + blanks;
    });
    return cells.join(GAP).trimEnd();
  });
  return lines.map((line, at) => (at < heads.length ? paint(line) : line));
}

/** The width of a text on a terminal, in cells: two for a wide character, none for a colour code. */
export function cellsOf(text: string): number {
  // most texts are ASCII, and measuring is slow
  return /^[ -~]*$/.test(text) ? text.length : stringWidth(text);
}

/** The lines of the headers as rows; shorter headers are padded below. */
function headRows(heads: readonly (readonly string[])[]): string[][] {
  const count = Math.max(...heads.map((lines) => lines.length));
  return Array.from({ length: count }, (_, at) => heads.map((lines) => lines[at] ?? ''));
}
