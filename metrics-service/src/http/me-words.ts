import type { Person } from '../access/resolve-viewer.js';
import type { Viewer } from '../access/viewer.js';
import { showCount, showDuration } from '../format/numbers.js';

/** Who asks: "You are Ada (u-ada), member, team core". */
export function saidOf(viewer: Viewer | null, person: Person | null): string {
  if (viewer === null) return 'The token asks for itself';
  if (person) {
    const more = [person.role, person.team && `team ${person.team}`].filter(Boolean);
    return `You are ${[person.name === person.id ? person.name : `${person.name} (${person.id})`, ...more].join(', ')}`;
  }
  if (viewer.isGrafanaAdmin) return 'You are an administrator of this Grafana';
  return viewer.kind === 'user' ? 'You are signed in to Grafana' : `You ask as ${viewer.kind}`;
}

/** How much data one sees, and how old the newest is. */
export function saidOfData({ runs, ageMs }: { runs: number; ageMs: number | null }): string {
  if (ageMs === null) return 'There is no data yet: `npx runboard import` brings some, docs/ingest.md has other ways.';
  const amount = `${showCount(runs)} ${runs === 1 ? 'run' : 'runs'} in the last 30 days`;
  return `${amount}; the newest event is ${showDuration(ageMs)} old.`;
}
