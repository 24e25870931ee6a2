/** What one look at an organization's data found, and what to do about it. */
export interface Finding {
  /** the same in every answer: `runs_without_user` */
  readonly check: string;
  readonly title: string;
  /** null: the viewer may not see it */
  readonly count: number | null;
  /** the earliest of them, where that is known, in epoch ms */
  readonly since: number | null;
  /** the first of them, where they have names */
  readonly names: readonly string[];
  readonly remedy: string;
  /** the filters of the sessions that they are in, where there are such */
  readonly shows: Readonly<Record<string, readonly string[]>> | null;
}

/** So many are named. */
export const MOST_NAMES = 5;

export const DAY_MS = 86_400_000;

/** What nobody sees who does not see the whole organization. */
export function unseen(check: string, title: string): Finding {
  return { check, title, count: null, since: null, names: [], remedy: '', shows: null };
}
