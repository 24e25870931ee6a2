import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { appliedMigrations } from '../db/migrate.js';
import { Failure } from '../failure.js';
import { readTables, type BackedUpTable } from './tables.js';

/** The first line of a backup, after `HEADER`. */
export interface BackupHeader {
  version: string;
  /** the migrations of its schema, in order */
  migrations: string[];
  tables: (BackedUpTable & { rows: number })[];
}

export const HEADER = '-- Runboard backup ';
export const END = '-- end of the backup';

/**
 * Writes all tables as they are at one moment, while the service may run: gzipped SQL of `copy` statements, which
 * `restoreBackup` reads (psql could, on a database with these migrations). The client must own the tables, so that no row
 * is hidden from it; `open` is called once there is something to write.
 * @throws Failure if there is nothing to back up
 */
export async function writeBackup(
  owner: pg.Client,
  open: () => Writable,
  { version, onProgress = () => {} }: { version: string; onProgress?: (rows: number, total: number) => void },
): Promise<BackupHeader> {
  await owner.query('begin isolation level repeatable read read only');
  // makes it an error if row-level security would hide a row
  await owner.query(`select set_config('row_security', 'off', true), set_config('statement_timeout', '0', true)`);
  try {
    const header = await readHeader(owner, version);
    const total = header.tables.reduce((sum, { rows }) => sum + rows, 0);
    const text = async function* () {
      let done = 0;
      yield Buffer.from(`${HEADER}${JSON.stringify(header)}\n`);
      for (const { name, columns } of header.tables) {
        yield Buffer.from(`copy ${name} (${columns.join(', ')}) from stdin;\n`);
        const rows = owner.query(copyTo(`copy ${name} (${columns.join(', ')}) to stdout`));
        for await (const chunk of rows as AsyncIterable<Buffer>) {
          yield chunk;
          onProgress((done += lines(chunk)), total);
        }
        yield Buffer.from('\\.\n');
      }
      yield Buffer.from(`${END}\n`);
    };
    await pipeline(Readable.from(text(), { objectMode: true, highWaterMark: 4 }), createGzip(), open());
    return header;
  } finally {
    await owner.query('rollback').catch(() => {});
  }
}

async function readHeader(owner: pg.Client, version: string): Promise<BackupHeader> {
  const migrations = await appliedMigrations(owner);
  if (migrations.length === 0) throw new Failure('there is nothing to back up: the database is empty');
  const tables: BackupHeader['tables'] = [];
  for (const table of await readTables(owner)) {
    const { rows } = await owner.query<{ count: string }>(`select count(*) from ${table.name}`);
    tables.push({ ...table, rows: Number(rows[0]!.count) });
  }
  return { version, migrations, tables };
}

function lines(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) count += 1;
  return count;
}
