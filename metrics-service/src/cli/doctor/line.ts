import type { Problems } from '../../importers/problems.js';
import { problemLines } from '../import/report.js';

/** The parts that are looked at, in order. */
export const PARTS = {
  machine: 'This machine',
  following: 'What follows here always',
  service: 'The service',
  organization: 'The organization’s data',
} as const;

/** ok; attention: somebody should do something; note: good to know; unknown: it could not be looked at. */
export type State = 'ok' | 'attention' | 'note' | 'unknown';

/** One thing that was looked at. */
export interface Line {
  readonly part: keyof typeof PARTS;
  /** for programs: `transcripts_unreadable` */
  readonly check: string;
  readonly state: State;
  /** what was found, in words */
  readonly found: string;
  readonly count?: number;
  /** what to do, with the command */
  readonly remedy?: string;
  /** the first of what was found, a line each */
  readonly details?: readonly string[];
}

/** A look at something: it never throws for what it looks at. */
export type Look = () => Promise<Line[]>;

const MOST_DETAILS = 5;

/** The first problems, a line each. */
export function firstOf(problems: Pick<Problems, 'files' | 'count'>): string[] {
  const lines = problemLines(problems).map((line) => line.trim());
  return lines.length > MOST_DETAILS
    ? [...lines.slice(0, MOST_DETAILS), `… and ${lines.length - MOST_DETAILS} more`]
    : lines;
}
