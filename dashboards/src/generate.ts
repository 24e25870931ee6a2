import { writeFileSync } from 'node:fs';
import { boardFiles } from './files.js';

// npm run generate: writes <uid>.json for every board
for (const { path, content } of boardFiles()) writeFileSync(path, content);
