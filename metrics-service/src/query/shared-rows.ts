/** Rows of more statements than this are not kept. */
const MOST_KEPT = 16;
/** More rows than this are not kept: it takes little to read them again beside what is made of them. */
const MOST_ROWS = 200;

/**
 * The rows of statements that several questions of a board ask at about the same time: of those under way, and of the last
 * ones. The key has everything that they depend on, the version of the data included. Whose transaction runs one waits for
 * nobody.
 */
export class SharedRows<Row> {
  readonly #asked = new Map<string, Promise<Row[]>>();

  /** The rows as another question gets or got them, else asked for; if the other one fails or is canceled, too. */
  async find(key: string, ask: () => Promise<Row[]>): Promise<Row[]> {
    const rows = await this.#asked.get(key)?.catch(() => null);
    if (rows) return rows;
    const asking = ask();
    this.#asked.delete(key);
    this.#asked.set(key, asking);
    const forget = (): void => {
      if (this.#asked.get(key) === asking) this.#asked.delete(key);
    };
    asking.then((found) => {
      if (found.length > MOST_ROWS) forget();
    }, forget);
    this.#forgetOldest();
    return asking;
  }

  #forgetOldest(): void {
    for (const key of this.#asked.keys()) {
      if (this.#asked.size <= MOST_KEPT) return;
      this.#asked.delete(key);
    }
  }
}
