import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivately } from '../../data-folder.js';
import type { GrafanaFolder } from './settings.js';

const INI = `; Settings of your own for the Grafana that npm start starts, such as [smtp] for alerts by e-mail.
; What it needs to show Runboard's boards is set by environment variables, which win.
`;

/** Creates the folder, readable by its owner only: Grafana's database contains the token. */
export async function makeFolder(folder: GrafanaFolder): Promise<void> {
  await mkdir(folder.path, { recursive: true });
  await chmod(folder.path, 0o700);
  if (!existsSync(folder.ini)) await writeFile(folder.ini, INI, { mode: 0o600 });
}

/** Generated at the first start and kept: Grafana reads it from its settings only when it creates its database. */
export async function adminPassword(folder: GrafanaFolder): Promise<string> {
  const file = join(folder.path, 'admin-password');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept.trim() !== '') return kept.trim();
  const password = randomBytes(12).toString('base64url');
  await writePrivately(file, `${password}\n`);
  return password;
}
