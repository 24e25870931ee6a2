import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Action } from '../access/audit.js';
import { writeBackup, type BackupHeader } from '../backup/backup.js';
import { restoreBackup } from '../backup/restore.js';
import { lockDataFolder, makeDataFolder } from '../data-folder.js';
import { connect } from '../db/connect.js';
import { startEmbedded } from '../db/embedded/index.js';
import { Failure } from '../failure.js';
import { VERSION } from '../version.js';
import { ownerUrl } from './context.js';
import { progressBar } from './progress.js';
import { print, type Surroundings } from './surroundings.js';
import { plural } from '../format/numbers.js';

/** `runboard backup`: the whole database to a file. */
export function backupCommand(surroundings: Surroundings): Command {
  return new Command('backup')
    .description('write the whole database, as of one moment, to a file; the service may keep running')
    .argument('<file>', 'the file; an existing one is replaced when the backup is complete')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard backup /backups/runboard.sql.gz')
    .action((file: string, { json }: { json?: boolean }) => backup(surroundings, file, json));
}

/** `runboard restore`: from such a file into an empty database. */
export function restoreCommand(surroundings: Surroundings): Command {
  return new Command('restore')
    .description('fill an empty database from a backup, of this version or an older one')
    .argument('<file>', 'what `runboard backup` wrote')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  DATABASE_URL=postgres://owner:password@host/empty runboard restore runboard.sql.gz' +
        '\n  RUNBOARD_DATA_DIR=/srv/new runboard restore runboard.sql.gz',
    )
    .action((file: string, { json }: { json?: boolean }) => restore(surroundings, file, json));
}

async function backup(surroundings: Surroundings, file: string, json: boolean | undefined): Promise<void> {
  const bar = progressBar(surroundings, 'rows');
  const draft = `${file}.part`;
  const made = await withOwner(surroundings, { mayMake: false }, async (url) => {
    const owner = await connect(url, 'runboard backup');
    try {
      await auditAll(owner, surroundings.actor, 'backed up');
      const open = () => createWriteStream(draft, { mode: 0o600, flush: true });
      const header = await writeBackup(owner, open, { version: VERSION, onProgress: bar.show });
      await rename(draft, file);
      return header;
    } catch (error) {
      await rm(draft, { force: true });
      throw asFailure(error, draft);
    } finally {
      await owner.end();
    }
  }).finally(bar.clear);
  report(surroundings, json, made, `backed up to ${file}`);
}

async function restore(surroundings: Surroundings, file: string, json: boolean | undefined): Promise<void> {
  if (!existsSync(file)) throw new Failure(`${file} does not exist`);
  const bar = progressBar(surroundings, 'rows');
  const made = await withOwner(surroundings, { mayMake: true }, async (url) => {
    const header = await restoreBackup(url, createReadStream(file), { onProgress: bar.show }).catch(
      (error: unknown) => {
        throw asFailure(error, file);
      },
    );
    const owner = await connect(url, 'runboard restore');
    await auditAll(owner, surroundings.actor, 'restored').finally(() => owner.end());
    return header;
  }).finally(bar.clear);
  report(surroundings, json, made, `restored ${file}`);
}

function report(surroundings: Surroundings, json: boolean | undefined, made: BackupHeader, what: string): void {
  const tables = Object.fromEntries(made.tables.map(({ name, rows }) => [name, rows]));
  const total = made.tables.reduce((sum, { rows }) => sum + rows, 0);
  const { version, migrations } = made;
  print(surroundings, json, { version, migrations, tables }, [
    `${what}: ${plural(total, 'row')} of ${plural(made.tables.length, 'table')}`,
  ]);
}

function asFailure(error: unknown, file: string): unknown {
  const isOfFile = ['open', 'write', 'read', 'close', 'fsync', 'rename'].includes(
    (error as NodeJS.ErrnoException).syscall ?? '',
  );
  return isOfFile ? new Failure(`${file}: ${(error as Error).message}`, { cause: error }) : error;
}

/** Writes an audit entry for each organization; a schema older than the audit log has none. */
async function auditAll(owner: Awaited<ReturnType<typeof connect>>, actor: string, action: Action): Promise<void> {
  const { rows } = await owner.query(`select where to_regclass('audit_log') is not null`);
  if (rows.length === 0) return;
  await owner.query(
    `
    insert into audit_log (org_id, actor, action, details)
    select org_id, $1, $2, '{}'
    from organizations`,
    [actor, action],
  );
}

/**
 * Connects as the owner: to the database of DATABASE_URL, to the embedded one while it runs, else to that of the data
 * folder, which is started for this.
 */
async function withOwner<T>(
  surroundings: Surroundings,
  { mayMake }: { mayMake: boolean },
  work: (url: string) => Promise<T>,
): Promise<T> {
  const { databaseOwnerUrl: given, dataDir } = surroundings.config();
  const running = await ownerUrl(surroundings).catch((error: unknown) => {
    if (given !== undefined || !(mayMake || existsSync(join(dataDir, 'postgres')))) throw error;
    return null;
  });
  if (running !== null) return work(running);
  await makeDataFolder(dataDir);
  const lock = await lockDataFolder(dataDir);
  try {
    const onProgress = (line: string): void => void surroundings.stderr.write(`${line}\n`);
    const database = await startEmbedded({ dataDir, onProgress });
    return await work(database.ownerUrl).finally(() => database.stop());
  } finally {
    await lock.release();
  }
}
