import { isObject, type JsonObject, parseLine } from './json-lines.js';
import { type Line, LineSplitter, MAX_LINE_BYTES } from './lines.js';
import type { Problems } from './problems.js';

/** Turns one file's bytes into the JSON objects of its lines; unreadable lines are added to `problems`. */
export class RecordReader {
  private readonly splitter = new LineSplitter();
  private line = 0;

  constructor(
    private readonly path: string,
    private readonly problems: Problems,
    private readonly looksWhole: (object: JsonObject) => boolean,
  ) {}

  *push(chunk: Buffer): Generator<JsonObject> {
    for (const line of this.splitter.push(chunk)) yield* this.read(line);
  }

  /** The unfinished last line, if it is already a complete object. */
  *whole(): Generator<JsonObject> {
    for (const line of this.splitter.takeWhole(isWhole)) yield* this.read(line);
  }

  /** Whether a last line without an end was not read yet. */
  readonly unfinished = (): boolean => this.splitter.unfinished;

  *end(): Generator<JsonObject> {
    for (const line of this.splitter.end()) yield* this.read(line);
  }

  /** Reports a problem with the current line. */
  readonly problem = (reason: string): void => this.problems.add(this.path, this.line, reason);

  private read({ number, text }: Line): JsonObject[] {
    this.line = number;
    if (text === null) {
      this.problem(`is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB`);
      return [];
    }
    const { objects, fault } = parseLine(text, this.looksWhole);
    if (fault !== null) this.problem(fault);
    return objects;
  }
}

function isWhole(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}
