import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SERVICE = fileURLToPath(new URL('../../', import.meta.url));

export interface NextVersion {
  /** of its command line, for `serve` and `begin` */
  main: string;
  /** a folder for whatever belongs to the test */
  folder: string;
  remove(): void;
}

/** What is different in it: by file, texts that stand there and what stands in their place. */
type Changes = Record<string, [before: string, after: string][]>;

/** The next version of the service: this one with one migration more, and some changes. */
export function nextVersion(migration: string, changes: Changes = {}): NextVersion {
  const folder = mkdtempSync(join(tmpdir(), 'runboard-next-'));
  const next = join(folder, 'metrics-service');
  for (const name of ['src', 'migrations', 'package.json']) {
    cpSync(join(SERVICE, name), join(next, name), { recursive: true });
  }
  symlinkSync(join(SERVICE, '../node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(next, 'migrations/9998_next.sql'), migration);
  for (const [file, replaced] of Object.entries(changes)) {
    let text = readFileSync(join(next, file), 'utf8');
    for (const [before, after] of replaced) {
      if (!text.includes(before)) throw new Error(`${file} has no ${JSON.stringify(before)}`);
      text = text.replace(before, () => after);
    }
    writeFileSync(join(next, file), text);
  }
  return {
    main: join(next, 'src/cli/main.ts'),
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
