import type { Place, Said } from './place.js';

/** A command line that is to run always, as a service of the account. */
export interface Job {
  /** what is imported: `claude-code`; the service is named after it */
  readonly format: string;
  readonly command: readonly string[];
  /** the file with its environment, which others cannot read */
  readonly environmentFile: string;
}

/** A command of the system. */
export interface Step {
  readonly command: readonly string[];
  /** nothing follows from its failure */
  readonly mayFail?: true;
  /** it may have to be repeated until what went before is done */
  readonly tries?: number;
}

export interface Status {
  /** null: nobody can be asked */
  readonly isRunning: boolean | null;
  /** since when, as the system writes it */
  readonly since: string | null;
  /** in the system's own words, or why nobody can be asked */
  readonly state: string;
  /** the last lines that it wrote about what went wrong */
  readonly lastLines: readonly string[];
}

/** What keeps services running: systemd or launchd. */
export interface Manager {
  readonly name: 'systemd' | 'launchd';
  /** the file that describes the service */
  file(place: Place, format: string): string;
  text(place: Place, job: Job): string;
  /** starts it, now and at every login; also after its file has changed */
  start(place: Place, format: string): readonly Step[];
  stop(place: Place, format: string): readonly Step[];
  status(place: Place, format: string, run: (command: readonly string[]) => Promise<Said>): Promise<Status>;
  /** what else may be needed for it to run always */
  hint(place: Place, run: (command: readonly string[]) => Promise<Said>): Promise<string | null>;
}

const MOST_LINES = 5;

/** The last lines of what a follower wrote, without the one that it begins with. */
export function lastLinesOf(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^(Following |-- )/.test(line));
  return lines.slice(-MOST_LINES);
}

/** Why a command did not do it, in a line. */
export function whyNot(command: readonly string[], said: Said): string {
  if (said === null) return `there is no ${command[0]} here`;
  return said.stderr.trim().split('\n')[0] || `${command[0]} ended with ${said.code}`;
}
