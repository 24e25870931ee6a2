/**
 * The rows of statements under way that several questions of a board ask at the same time. The key has everything that they
 * depend on, the version of the data included. Whose transaction runs one waits for nobody.
 */
export class SharedRows<Row> {
  readonly #underWay = new Map<string, Promise<Row[]>>();

  /** The rows as another question gets them, else asked for; if the other one fails or is canceled, too. */
  async find(key: string, ask: () => Promise<Row[]>): Promise<Row[]> {
    const rows = await this.#underWay.get(key)?.catch(() => null);
    if (rows) return rows;
    const asking = ask();
    this.#underWay.set(key, asking);
    const forget = (): void => {
      if (this.#underWay.get(key) === asking) this.#underWay.delete(key);
    };
    asking.then(forget, forget);
    return asking;
  }
}
