import { Command } from 'commander';
import { readTelemetrySeen, type SeenOutcome } from '../ingest/telemetry-seen.js';
import { resolveOrganization, withDatabase } from './context.js';
import { inOrg, word } from './hint.js';
import { ORG_FLAG } from './options.js';
import { print, type Surroundings } from './surroundings.js';
import { columns } from './table.js';
import { openHints, type Hint } from './user/hints.js';

const OUTCOMES: Readonly<Record<SeenOutcome, string>> = {
  events: 'became events',
  nothing: 'known, nothing follows from it',
  unknown: 'no mapping knows it',
  unusable: 'cannot be used',
  rejected: 'refused',
};

/** More of them are in `runboard user hints`. */
const MOST_HINTS = 10;

/** What was seen together, with the command that makes it true. */
function hintLines(hints: readonly Hint[], org: string | undefined): string[] {
  if (hints.length === 0) return [];
  const commands = hints
    .slice(0, MOST_HINTS)
    .map(({ user, other }) => `  runboard user alias ${word(user)} ${word(other)}${inOrg(org)}`);
  const more =
    hints.length > MOST_HINTS ? [`  and ${hints.length - MOST_HINTS} more: runboard user hints${inOrg(org)}`] : [];
  return ['', 'ids that were seen together; where two are one person’s, say so:', ...commands, ...more];
}

/** `runboard telemetry`: what arrived, by name and source, and what became of it. */
export function telemetryCommand(surroundings: Surroundings): Command {
  return new Command('telemetry')
    .description('list what came in as telemetry and hooks, by name and source, and what became of it; latest first')
    .option(...ORG_FLAG)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard telemetry --org acme')
    .action(async ({ org, json }: { org?: string; json?: boolean }) => {
      const { seen, hints } = await withDatabase(surroundings, async (database) => {
        const orgId = await resolveOrganization(database, org);
        const hints = await database.inOrganization(orgId, openHints, { readOnly: true });
        return { seen: await readTelemetrySeen(database, orgId), hints };
      });
      const rows = seen.map(({ lastAt, signal, source, name, records, outcome, note }) => [
        lastAt.toISOString(),
        signal,
        source,
        name === '' ? '(no name)' : name,
        new Intl.NumberFormat('en-US').format(records),
        note === null ? OUTCOMES[outcome] : `${OUTCOMES[outcome]}: ${note}`,
      ]);
      const value = seen.map(({ lastAt, ...one }) => ({ ...one, lastAt: lastAt.toISOString() }));
      const none = `nothing has come in yet: runboard connect claude-code${inOrg(org)} says what to set`;
      const table = columns(['last', 'signal', 'source', 'name', 'records', 'what became of it'], rows);
      print(surroundings, json, value, rows.length === 0 ? [none] : [...table, ...hintLines(hints, org)]);
    });
}
