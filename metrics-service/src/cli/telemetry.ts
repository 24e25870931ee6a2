import { Command } from 'commander';
import { readTelemetrySeen, type SeenOutcome } from '../ingest/telemetry-seen.js';
import { resolveOrganization, withDatabase } from './context.js';
import { ORG_FLAG } from './options.js';
import { print, type Surroundings } from './surroundings.js';
import { columns } from './table.js';

const OUTCOMES: Readonly<Record<SeenOutcome, string>> = {
  events: 'became events',
  nothing: 'known, nothing follows from it',
  unknown: 'no mapping knows it',
  unusable: 'cannot be used',
  rejected: 'refused',
};

/** `runboard telemetry`: what arrived, by name and source, and what became of it. */
export function telemetryCommand(surroundings: Surroundings): Command {
  return new Command('telemetry')
    .description('list what came in as telemetry and hooks, by name and source, and what became of it; latest first')
    .option(...ORG_FLAG)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard telemetry --org acme')
    .action(async ({ org, json }: { org?: string; json?: boolean }) => {
      const seen = await withDatabase(surroundings, async (database) =>
        readTelemetrySeen(database, await resolveOrganization(database, org)),
      );
      const rows = seen.map(({ lastAt, signal, source, name, records, outcome, note }) => [
        lastAt.toISOString(),
        signal,
        source,
        name === '' ? '(no name)' : name,
        new Intl.NumberFormat('en-US').format(records),
        note === null ? OUTCOMES[outcome] : `${OUTCOMES[outcome]}: ${note}`,
      ]);
      const value = seen.map(({ lastAt, ...one }) => ({ ...one, lastAt: lastAt.toISOString() }));
      const none = ['nothing has come in yet: runboard connect claude-code', 'says what to set'].join(' ');
      const table = columns(['last', 'signal', 'source', 'name', 'records', 'what became of it'], rows);
      const hint = 'ids that may be one person’s: runboard user hints';
      print(surroundings, json, value, rows.length === 0 ? [none] : [...table, hint]);
    });
}
