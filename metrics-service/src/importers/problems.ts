/** Something that an import could not read, with the reason in words. `line` 0 is the file itself. */
export interface Problem {
  file: string;
  line: number;
  reason: string;
  /** it was read, and nothing of it was used */
  unused?: true;
}

/** A file with problems: how many, and the first of them. */
export interface ProblemFile {
  file: string;
  count: number;
  first: Problem[];
}

const MOST_NAMED = 100;
const MOST_FILES = 1_000;
const MOST_OF_A_FILE = 3;

/** Counts all problems and keeps the first ones, so that importing a wrong file does not fill the memory. */
export class Problems {
  count = 0;
  /** how many of them are lines, and not files or folders */
  lines = 0;
  /** how many of them are files of which nothing was used */
  unused = 0;
  readonly named: Problem[] = [];
  private readonly byFile = new Map<string, ProblemFile>();

  add(file: string, line: number, reason: string): void {
    this.note({ file, line, reason });
  }

  /** A file that can be read, but holds nothing to import. */
  addUnused(file: string, reason: string): void {
    this.unused += 1;
    this.note({ file, line: 0, reason, unused: true });
  }

  private note(problem: Problem): void {
    const { file, line } = problem;
    this.count += 1;
    if (line > 0) this.lines += 1;
    if (this.named.length < MOST_NAMED) this.named.push(problem);
    const known = this.byFile.get(file) ?? { file, count: 0, first: [] };
    known.count += 1;
    if (known.first.length < MOST_OF_A_FILE) known.first.push(problem);
    if (this.byFile.size < MOST_FILES) this.byFile.set(file, known);
  }

  /** Whether something about the file is known already. */
  has(file: string): boolean {
    return this.byFile.has(file);
  }

  /** The files with problems, in the order they were found. */
  get files(): ProblemFile[] {
    return [...this.byFile.values()];
  }
}
