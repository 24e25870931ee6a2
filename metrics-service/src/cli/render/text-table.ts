import stringWidth from 'string-width';

export interface TextColumn {
  readonly head: string;
  readonly align: 'left' | 'right';
}

const GAP = '  ';

/** Lines of columns two spaces apart, without borders; `paint` paints the head. Only heads may hold line breaks. */
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

/** Cells of the terminal that a text takes: two for a wide character, none for a colour code. */
export function cellsOf(text: string): number {
  // most texts are plain, and measuring is slow
  return /^[ -~]*$/.test(text) ? text.length : stringWidth(text);
}

/** The heads' lines, a row each; a shorter head has blanks below. */
function headRows(heads: readonly (readonly string[])[]): string[][] {
  const count = Math.max(...heads.map((lines) => lines.length));
  return Array.from({ length: count }, (_, at) => heads.map((lines) => lines[at] ?? ''));
}
