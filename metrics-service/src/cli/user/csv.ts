import { Failure } from '../../failure.js';

/** The rows of CSV (RFC 4180), without empty lines. @throws Failure for an unclosed quote */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const [cell, end] = text[at] === '"' ? quoted(text, at) : plain(text, at);
    row.push(cell);
    if (text[end] === ',') {
      at = end + 1;
      // a comma at the very end is followed by an empty cell
      if (at < text.length) continue;
      row.push('');
    }
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
    at = text.startsWith('\r\n', end) ? end + 2 : end + 1;
  }
  return rows;
}

function plain(text: string, start: number): [cell: string, end: number] {
  const [cell] = /^[^,\r\n]*/.exec(text.slice(start, start + 100_000))!;
  return [cell, start + cell.length];
}

function quoted(text: string, start: number): [cell: string, end: number] {
  let end = start;
  do {
    end = text.indexOf('"', end + 1);
    if (end < 0) throw new Failure(`unclosed quote at ${JSON.stringify(text.slice(start, start + 40))}`);
    if (text[end + 1] !== '"') break;
    end += 1;
  } while (end > 0);
  const after = /^[^,\r\n]*/.exec(text.slice(end + 1, end + 100))![0];
  if (after.trim() !== '') throw new Failure(`unexpected text after a closing quote: ${JSON.stringify(after)}`);
  return [text.slice(start + 1, end).replaceAll('""', '"'), end + 1 + after.length];
}
