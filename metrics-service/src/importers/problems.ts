/** What an import could not read: a place and a reason for people. `line` 0 is the file itself. */
export interface Problem {
  file: string;
  line: number;
  reason: string;
}

const MOST_NAMED = 100;

/** Counts every problem and remembers the first ones, so that a log file by mistake does not fill the memory. */
export class Problems {
  count = 0;
  readonly named: Problem[] = [];

  add(file: string, line: number, reason: string): void {
    this.count += 1;
    if (this.named.length < MOST_NAMED) this.named.push({ file, line, reason });
  }
}
