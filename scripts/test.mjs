import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { auditGo, auditNpm } from './lib/audit.mjs';
import { browserTests } from './lib/browser.mjs';
import { build } from './lib/build.mjs';
import { goTests } from './lib/go.mjs';
import { install } from './lib/install.mjs';
import { jest } from './lib/jest.mjs';
import { checkNode } from './lib/node-version.mjs';
import { ROOT, runNode } from './lib/run.mjs';
import { main, Stop } from './lib/say.mjs';
import { runSteps } from './lib/steps.mjs';

/** A check that is one program of node_modules; what it prints is shown when it fails. */
function tool(name, file, ...args) {
  const check = async () => {
    const { code, output } = await runNode(join(ROOT, 'node_modules', file), args, { quiet: true });
    if (code !== 0) throw new Stop(output.trim());
  };
  return { name, run: check };
}

const TYPESCRIPT = ['metrics-service', 'dashboards', 'plugin'].filter((name) =>
  existsSync(join(ROOT, name, 'tsconfig.json')),
);
const SOURCES = TYPESCRIPT.map((name) => join(name, 'src'));
const JEST = TYPESCRIPT.filter((name) => existsSync(join(ROOT, name, 'jest.config.js')));

// npm test: every step runs, whatever became of those before it
main(async () => {
  checkNode();
  await install();
  const failed = await runSteps([
    // the plugin's types are those of the built service
    { name: 'build', run: build },
    tool('formatting (prettier)', 'prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
    tool('lint (eslint)', 'eslint/bin/eslint.js', '--max-warnings', '0', '.'),
    tool('layers and import circles (dependency-cruiser)', 'dependency-cruiser/bin/dependency-cruise.mjs', ...SOURCES),
    ...TYPESCRIPT.map((name) => tool(`types of ${name} (tsc)`, 'typescript/bin/tsc', '-p', name, '--noEmit')),
    ...JEST.map((name) => ({ name: `tests of ${name} (jest)`, run: () => jest(name, process.argv.slice(2)) })),
    { name: 'tests of plugin (go)', run: () => goTests([]) },
    { name: 'known faults of what the service needs (npm audit)', run: auditNpm },
    { name: 'known faults of what the plugin needs (govulncheck)', run: auditGo },
    { name: 'tests in a browser (playwright)', run: browserTests },
  ]);
  process.exitCode = failed > 0 ? 1 : 0;
});
