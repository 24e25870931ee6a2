import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { ROOT } from './lib/run.mjs';
import { main } from './lib/say.mjs';

// npm's `prepare` of the service; an installation without development dependencies comes with its dist
main(async () => {
  if (existsSync(join(ROOT, 'node_modules/typescript'))) await build();
});
