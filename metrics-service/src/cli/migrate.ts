import { Command } from 'commander';
import { migrate } from '../db/migrate.js';
import { ownerUrl } from './context.js';
import { print, type Surroundings } from './surroundings.js';

/** `runboard migrate` */
export function migrateCommand(surroundings: Surroundings): Command {
  return new Command('migrate')
    .description('migrate the database to this version; `start` and `serve` do this, too')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  DATABASE_URL=postgres://owner:password@host/runboard runboard migrate')
    .action(async ({ json }: { json?: boolean }) => {
      const onWarning = (message: string): void => void surroundings.stderr.write(`${message}\n`);
      const run = await migrate(await ownerUrl(surroundings), { onWarning });
      print(surroundings, json, { run }, run.length > 0 ? run.map((name) => `ran ${name}`) : ['nothing to do']);
    });
}
