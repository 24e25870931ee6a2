import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { checkNode } from './lib/node-version.mjs';
import { ROOT } from './lib/run.mjs';
import { main, say, Stop } from './lib/say.mjs';

// npm run fields: adds the numbers of new fields to metrics-service/field-numbers.json, and changes no other
main(async () => {
  checkNode();
  await install('metrics-service');
  await build();
  const module = join(ROOT, 'metrics-service/dist/entities/field-numbers.js');
  const { declaredNumbers, fieldNumbersText, withNewFields } = await import(pathToFileURL(module).href);
  const file = join(ROOT, 'metrics-service/field-numbers.json');
  const listed = JSON.parse(readFileSync(file, 'utf8'));
  try {
    writeFileSync(file, fieldNumbersText(withNewFields(listed, declaredNumbers())));
  } catch (error) {
    throw new Stop(error.message);
  }
  say('Wrote metrics-service/field-numbers.json');
});
