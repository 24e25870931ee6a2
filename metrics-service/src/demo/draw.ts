/** Random numbers that are the same for the same seed (mulberry32). */
export class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** draws of its own for what has this name: they leave all others as they are */
  static of(name: string): Draw {
    let hash = 0x811c9dc5;
    for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
    return new Draw(hash);
  }

  /** from 0 to below 1 */
  share(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.share() < probability;
  }

  between(least: number, most: number): number {
    return least + (most - least) * this.share();
  }

  /** an integer, both ends included */
  whole(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1));
  }

  normal(mean: number, deviation: number): number {
    return mean + deviation * Math.sqrt(-2 * Math.log(1 - this.share())) * Math.cos(2 * Math.PI * this.share());
  }

  /** distributed like most sizes and durations: half of them below the median, a few far above it */
  skewed(median: number, spread = 0.6): number {
    return median * Math.exp(this.normal(0, spread));
  }

  /** one of them, each as often as its weight says */
  weighted<T>(choices: readonly (readonly [value: T, weight: number])[]): T {
    let left = this.share() * choices.reduce((sum, [, weight]) => sum + weight, 0);
    return (choices.find(([, weight]) => (left -= weight) < 0) ?? choices.at(-1)!)[0];
  }

  one<T>(values: readonly T[]): T {
    return values[this.whole(0, values.length - 1)]!;
  }
}
