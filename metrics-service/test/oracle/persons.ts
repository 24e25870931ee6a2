import type { Entity } from './entity.js';
import { compareText } from './values.js';

/**
 * Whose each id is that somebody claims (definitions.md): the greatest stamp of those who claim it wins, a claim of
 * the claimer is followed, a circle counts as its smallest id.
 */
export function aliasesOf(users: Entity[], greater: (one: Stamp, other: Stamp) => boolean): Map<string, string> {
  const claims = users.flatMap((user) => {
    const said = user.fields.get('aliases');
    return ((said?.value ?? []) as string[]).map((alias) => ({ alias, by: user.id, stamp: said!.stamp }));
  });
  const claimer = (id: string): string | null => {
    const of = claims.filter(({ alias, by }) => alias === id && by !== id);
    const winner = of.find((one) => of.every((other) => other === one || !greater(other.stamp, one.stamp)));
    return winner?.by ?? null;
  };
  const person = (id: string): string => {
    const seen = [id];
    for (;;) {
      const next = claimer(seen.at(-1)!);
      if (next === null) return seen.at(-1)!;
      if (seen.includes(next)) return seen.slice(seen.indexOf(next)).sort(compareText)[0]!;
      seen.push(next);
    }
  };
  const claimed = new Set(claims.map(({ alias }) => alias));
  return new Map([...claimed].map((id) => [id, person(id)] as const).filter(([id, whose]) => id !== whose));
}

type Stamp = { rank: number; time: number; id: string; source: string };
