import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { z } from 'zod';
import { connect } from '../db/connect.js';
import { appliedMigrations, migrate, migrationNames } from '../db/migrate.js';
import { Failure } from '../failure.js';
import { END, HEADER, type BackupHeader } from './backup.js';
import { CopyReader } from './copy-reader.js';
import { readTables } from './tables.js';

const header = z.object({
  version: z.string(),
  migrations: z.array(z.string()).min(1),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()).min(1), rows: z.number() })),
});

/**
 * Fills an empty database from a backup, as the role that will own the tables: the backup's migrations create tables,
 * roles and row-level security, one transaction inserts the rows, then the newer migrations run.
 * @throws Failure if the database is not empty or the backup is damaged; no row is restored then
 */
export async function restoreBackup(
  url: string,
  from: Readable,
  { onProgress = () => {} }: { onProgress?: (rows: number, total: number) => void } = {},
): Promise<BackupHeader> {
  const plain = createGunzip();
  const reading = pipeline(from, plain);
  reading.catch(() => {});
  try {
    const reader = new CopyReader(plain);
    const backup = readHeader(await reader.line());
    await makeTables(url, backup);
    const owner = await connect(url, 'runboard restore');
    try {
      await copyAll(owner, reader, backup, onProgress);
      await reading;
    } finally {
      await owner.end();
    }
    await migrate(url);
    return backup;
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (!code.startsWith('Z_')) throw error;
    throw new Failure(
      `the backup cannot be read (${(error as Error).message}): it is not a backup, or it is truncated`,
    );
  } finally {
    plain.destroy();
    from.destroy();
  }
}

function readHeader(line: string): BackupHeader {
  try {
    if (line.startsWith(HEADER)) return header.parse(JSON.parse(line.slice(HEADER.length)));
  } catch {
    // reported below
  }
  throw new Failure('this file was not written by `runboard backup`');
}

/** Creates the tables of the backup, without rows. */
async function makeTables(url: string, { migrations, version }: BackupHeader): Promise<void> {
  const known = await migrationNames();
  if (!same(known.slice(0, migrations.length), migrations)) {
    throw new Failure(
      `the backup was made by another version of Runboard (${version}), with migrations that this version does not have: restore with that version or a newer one`,
    );
  }
  const owner = await connect(url, 'runboard restore');
  try {
    const applied = await appliedMigrations(owner);
    if (applied.length > migrations.length) throw notEmpty('it was migrated further than the backup');
    await migrate(url, { upTo: migrations.at(-1)! });
    for (const { name } of await readTables(owner)) {
      const { rows } = await owner.query(`select from ${name} limit 1`);
      if (rows.length > 0) throw notEmpty(`${name} has rows`);
    }
  } finally {
    await owner.end();
  }
}

function same(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

function notEmpty(why: string): Failure {
  return new Failure(`the database is not empty (${why}): a backup is restored into an empty one`);
}

async function copyAll(
  owner: pg.Client,
  reader: CopyReader,
  { tables }: BackupHeader,
  onProgress: (rows: number, total: number) => void,
): Promise<void> {
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  const present = await readTables(owner);
  let done = 0;
  await owner.query('begin');
  try {
    for (const { name, columns, rows } of tables) {
      // names from the file are used in SQL only if the database has them
      const table = present.find((one) => one.name === name && same(one.columns, columns));
      const copy = `copy ${name} (${columns.join(', ')}) from stdin`;
      if (!table || (await reader.line()) !== `${copy};`) throw new Failure(`the backup is damaged at table ${name}`);
      const into = owner.query(copyFrom(copy));
      await pipeline(Readable.from(reader.rows(), { objectMode: true, highWaterMark: 4 }), into).catch(damaged(name));
      if (into.rowCount !== rows)
        throw new Failure(`the backup is truncated: ${name} has ${into.rowCount} of ${rows} rows`);
      onProgress((done += rows), total);
    }
    if ((await reader.line()) !== END) throw new Failure('the backup is truncated: its last line is missing');
    // gzip's checksum is verified only at the end
    await reader.end();
    await continueIdentities(owner);
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback').catch(() => {});
    throw error;
  }
  await owner.query('analyze').catch(() => {});
}

/** PostgreSQL's messages about invalid values (22…) would quote them. */
const damaged = (table: string) => (error: Error & { code?: string }) => {
  if (!error.code?.startsWith('22')) throw error;
  throw new Failure(`the backup is damaged: PostgreSQL rejects a row of ${table} (${error.code})`);
};

/** Continues the numbering after the restored rows. */
async function continueIdentities(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ table: string; column: string }>(`
    select quote_ident(table_name) as table, quote_ident(column_name) as column
    from information_schema.columns
    where table_schema = 'public'
      and is_identity = 'YES'`);
  for (const { table, column } of rows) {
    await owner.query(
      `select setval(pg_get_serial_sequence($1, $2), max(${column})) from ${table} having max(${column}) is not null`,
      [table, column.replaceAll('"', '')],
    );
  }
}
