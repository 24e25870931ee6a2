import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { checkNode } from './lib/node-version.mjs';
import { main } from './lib/say.mjs';

// npm run chaos -- …: the built service under kill -9; see metrics-service/test/chaos
main(async () => {
  checkNode();
  await install();
  await build();
  await import('../metrics-service/test/support/typescript.mjs');
  await import('../metrics-service/test/chaos/main.ts');
});
