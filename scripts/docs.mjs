import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { checkNode } from './lib/node-version.mjs';
import { ROOT } from './lib/run.mjs';
import { main, say } from './lib/say.mjs';

// npm run docs: writes docs/metrics.md anew, from the catalogue
main(async () => {
  checkNode();
  await install('metrics-service');
  await build();
  const module = join(ROOT, 'metrics-service/dist/catalogue/markdown.js');
  const { catalogueMarkdown } = await import(pathToFileURL(module).href);
  mkdirSync(join(ROOT, 'docs'), { recursive: true });
  writeFileSync(join(ROOT, 'docs/metrics.md'), catalogueMarkdown());
  say('Wrote docs/metrics.md');
});
