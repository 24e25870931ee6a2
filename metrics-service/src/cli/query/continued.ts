const [QUOTE, COMMA, LINE_FEED, HASH] = Buffer.from('",\n#') as unknown as [number, number, number, number];
const END = Buffer.from('\r\n');

/** A part has other columns than the one before: counters of runs that came meanwhile, a newer service. */
export class OtherColumns extends Error {
  constructor() {
    super('its columns changed meanwhile: export again');
  }
}

/**
 * Joins the parts of an export, each requested with the cursor of the one before: complete rows, without the last column
 * (the cursor), and the header line once, after the note that may stand before it.
 */
export class ContinuedRows {
  /** of the last complete row */
  cursor = 'start';
  rows = 0;
  #titles: Buffer | null = null;
  #isAtTitles = true;
  #rest = Buffer.alloc(0);

  /** Starts a new part; an incomplete row at the end of the last one will come again. */
  begin(): void {
    this.#isAtTitles = true;
    this.#rest = Buffer.alloc(0);
  }

  take(chunk: Uint8Array): Buffer {
    const { rows, rest } = splitRows(Buffer.concat([this.#rest, chunk]));
    this.#rest = rest;
    return Buffer.concat(rows.flatMap((row) => this.#take(row)));
  }

  #take(row: Buffer): Buffer[] {
    const comma = row.lastIndexOf(COMMA);
    // why there are no rows
    if (this.#isAtTitles && row[0] === HASH) return this.#titles ? [] : [Buffer.from(row)];
    const isTitles = this.#isAtTitles;
    this.#isAtTitles = false;
    if (isTitles) {
      if (this.#titles?.equals(row) === false) throw new OtherColumns();
      if (this.#titles) return [];
      this.#titles = Buffer.from(row);
    } else {
      this.cursor = row.toString('latin1', comma + 1, row.length - END.length);
      this.rows += 1;
    }
    return [row.subarray(0, comma), END];
  }
}

/** Splits off complete rows with their line ends. A line feed within quotes ends no row; a quote within quotes is doubled. */
function splitRows(bytes: Buffer<ArrayBuffer>): { rows: Buffer[]; rest: Buffer<ArrayBuffer> } {
  const rows: Buffer[] = [];
  let [start, isQuoted] = [0, false];
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === QUOTE) isQuoted = !isQuoted;
    if (bytes[at] !== LINE_FEED || isQuoted) continue;
    rows.push(bytes.subarray(start, at + 1));
    start = at + 1;
  }
  return { rows, rest: bytes.subarray(start) };
}
