import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { restoreBackup } from '../../backup/restore.js';
import { startEmbedded } from '../../db/embedded/index.js';
import { openDatabase } from '../../db/pool.js';
import { Failure } from '../../failure.js';
import { withDatabase } from '../context.js';
import { progressBar } from '../progress.js';
import { print, type Surroundings } from '../surroundings.js';
import { columns } from '../table.js';
import { compare, type Compared } from './compare.js';
import { plural } from '../../format/numbers.js';

/** `runboard restore-test`: whether the newest backup can be restored, and says what the running service says. */
export function restoreTestCommand(surroundings: Surroundings): Command {
  return new Command('restore-test')
    .description(
      'restore the newest backup into a PostgreSQL of its own beside the running one, compare their numbers, and remove it',
    )
    .argument('<path>', 'a backup, or the folder with them')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExit code 1: it cannot be restored, or differs.\n\nExample:\n  runboard restore-test /backups',
    )
    .action((path: string, { json }: { json?: boolean }) => restoreTest(surroundings, path, json));
}

/** @throws Failure */
async function restoreTest(surroundings: Surroundings, path: string, json: boolean | undefined): Promise<void> {
  const file = await newestBackup(path);
  const bar = progressBar(surroundings, 'rows');
  const dataDir = await mkdtemp(join(tmpdir(), 'runboard-restore-test-'));
  try {
    const made = await startEmbedded({ dataDir });
    try {
      const { tables } = await restoreBackup(made.ownerUrl, createReadStream(file), { onProgress: bar.show });
      bar.clear();
      const restored = openDatabase({ connectionString: made.serviceUrl, size: 2, statementTimeoutMs: 600_000 });
      const compared = await withDatabase(surroundings, (running) => compare(restored, running)).finally(() =>
        restored.close(),
      );
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      print(surroundings, json, { file, rows, organizations: compared }, report(file, rows, compared));
      const wrong = compared.filter(({ differences }) => differences.length > 0);
      if (wrong.length > 0) throw new Failure(`the backup differs in ${wrong.map(({ org }) => org).join(', ')}`);
    } finally {
      await made.stop();
    }
  } finally {
    bar.clear();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Backups end in `.gz`; what is still being written does not. @throws Failure */
async function newestBackup(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new Failure(`${path} does not exist`);
  if (!found.isDirectory()) return path;
  const names = (await readdir(path)).filter((name) => name.endsWith('.gz'));
  const files = await Promise.all(
    names.map(async (name) => ({ name, madeMs: (await stat(join(path, name))).mtimeMs })),
  );
  const [newest] = files.sort((a, b) => b.madeMs - a.madeMs);
  if (!newest) throw new Failure(`there is no backup in ${path}: no file that ends in .gz`);
  return join(path, newest.name);
}

function report(file: string, rows: number, compared: Compared[]): string[] {
  const count = new Intl.NumberFormat('en-US');
  const cells = compared.map(({ org, events, metrics, window, differences, since }) => [
    org,
    count.format(events),
    String(metrics),
    window?.to ?? 'nothing to compare',
    differences.length === 0
      ? 'the same'
      : differences.join('; ') + (since.length > 0 ? ` (since: ${since.join(', ')})` : ''),
  ]);
  return [
    `restored ${file}: ${plural(rows, 'row')}`,
    ...columns(['organization', 'events', 'metrics', '90 days up to', 'numbers'], cells),
  ];
}
