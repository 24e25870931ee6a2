import type { RunDetail } from '../../query/one-run.js';
import type { ShownRow } from '../../presentation/rows.js';
import { printable } from '../../format/values.js';
import { shellWord } from '../../format/shell.js';

/** A shell command that shows the run's session from its beginning; null if it has none. */
export function sessionCommand(
  owner: string,
  run: ShownRow,
  { sessionFrom }: Pick<RunDetail, 'sessionFrom'>,
): string | null {
  const { session } = run;
  // unprintable characters could control the terminal, and escaped they would name another session
  if (typeof session !== 'string' || sessionFrom === null || printable(session) !== session) return null;
  const day = new Date(sessionFrom).toISOString().slice(0, 10);
  const filter = shellWord(`session=${session.replaceAll(',', '\\,')}`);
  return `runboard query --org ${shellWord(owner)} --view activity --filter ${filter} --from ${day}T00:00:00Z`;
}
