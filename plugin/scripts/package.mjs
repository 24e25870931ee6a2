import { createWriteStream, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import yazl from 'yazl';
import { build, DIST } from './build.mjs';

const RELEASE = fileURLToPath(new URL('../release/', import.meta.url));
const PLATFORMS = ['linux', 'darwin', 'windows'].flatMap((os) => ['amd64', 'arm64'].map((arch) => [os, arch]));

// npm run package: one zip for all platforms, as Grafana installs it
rmSync(DIST, { recursive: true, force: true });
// without the paths of the machine that built it
build(PLATFORMS, ['-trimpath']);
const { id, info } = JSON.parse(readFileSync(join(DIST, 'plugin.json'), 'utf8'));
const file = join(RELEASE, `${id}-${info.version}.zip`);
mkdirSync(RELEASE, { recursive: true });
const zip = new yazl.ZipFile();
for (const entry of readdirSync(DIST, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  const name = `${id}/${relative(DIST, path).replaceAll('\\', '/')}`;
  zip.addFile(path, name, { mode: entry.name.startsWith('gpx_') ? 0o100755 : 0o100644 });
}
zip.end();
await pipeline(zip.outputStream, createWriteStream(file));
process.stdout.write(`${file}\n`);
