import { compareText } from './values.js';

/** The topmost parent, at most 10 steps up; of a circle the smallest id. */
export function epicOf(id: string, parentOf: (id: string) => string | null): string | null {
  const path = [id];
  for (let step = 0; step < 10; step += 1) {
    const parent = parentOf(path.at(-1)!);
    if (parent === null) break;
    if (path.includes(parent)) return path.slice(path.indexOf(parent)).sort(compareText)[0]!;
    path.push(parent);
  }
  return path.length === 1 ? null : path.at(-1)!;
}
