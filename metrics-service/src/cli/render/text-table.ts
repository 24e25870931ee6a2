import CliTable from 'cli-table3';

export interface TextColumn {
  readonly head: string;
  readonly align: 'left' | 'right';
}

const NO_BORDERS = Object.fromEntries(
  (
    'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right ' +
    'right-mid middle'
  )
    .split(' ')
    .map((part) => [part, '']),
);

/** Lines of columns two spaces apart, without borders; `head` paints the head line. Cells hold no line breaks. */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  head: (text: string) => string = (text) => text,
): string[] {
  const table = new CliTable({
    head: columns.map((column) => column.head),
    colAligns: columns.map(({ align }) => align),
    chars: { ...NO_BORDERS, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  const [first, ...lines] = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return [head(first ?? ''), ...lines];
}
