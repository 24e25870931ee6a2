import { randomBytes } from 'node:crypto';
import { readFile, rename, stat } from 'node:fs/promises';

const LARGEST_LOG = 10 * 1024 * 1024;
const PREFIX = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S* \S+ \[\d+\] /;

/** What one start of the server writes to the log that all starts share. */
export class StartLog {
  /** marks each line of this server's processes: those of the previous server may still write while they end */
  readonly #mark = `start-${randomBytes(4).toString('hex')}`;

  private constructor(
    private readonly file: string,
    private readonly from: number,
  ) {}

  /** Sets a large log aside. */
  static async begin(file: string): Promise<StartLog> {
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    if (size < LARGEST_LOG) return new StartLog(file, size);
    await rename(file, `${file}.old`);
    return new StartLog(file, 0);
  }

  get linePrefix(): string {
    return `%m [%p] ${this.#mark} `;
  }

  /**
   * Its lines, without times and process ids; lines without a mark (a program that cannot be loaded, say) count as its
   * own.
   */
  async lines(): Promise<string[]> {
    const text = await readFile(this.file).then(
      (bytes) => bytes.subarray(this.from).toString('utf8'),
      () => '',
    );
    return text.split('\n').flatMap((line) => {
      const said = line.replace(PREFIX, '');
      if (said === line) return line.trim() === '' ? [] : [line];
      return said.startsWith(this.#mark) ? [said.slice(this.#mark.length + 1)] : [];
    });
  }

  /** Why the server ended, in its words. */
  async complaint(): Promise<string> {
    // caused by checking whether the server is ready
    const lines = (await this.lines()).filter((line) => !/the database system is /.test(line));
    const complaints = lines.filter((line) =>
      /FATAL|PANIC|terminated by signal|error while loading|not found/.test(line),
    );
    return (complaints.at(-1) ?? lines.at(-1) ?? '').trim().replace(/^.*?(FATAL|PANIC): +/, '');
  }
}
