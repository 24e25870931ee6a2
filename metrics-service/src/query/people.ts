import type { Base, Measure } from '../catalogue/measure.js';
import { parts } from '../catalogue/measures/parts.js';
import { phases } from '../catalogue/measures/phases.js';
import { runs } from '../catalogue/measures/runs.js';
import { sessions } from '../catalogue/measures/sessions.js';

/** How many rows a number is about, and how many people did them: the runs' users, the sessions' creators. */
export const PEOPLE: Record<Base, { readonly rows: Measure; readonly people: Measure }> = {
  runs: { rows: runs.runs, people: runs.active_users },
  parts: { rows: parts.parts, people: parts.people },
  phases: { rows: phases.runs_with_phase, people: phases.people },
  sessions: { rows: sessions.active_sessions, people: sessions.people },
};
