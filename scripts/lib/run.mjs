import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Progress goes to stderr: stdout belongs to what a command prints. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** An expected failure: its message is the one line that the user sees. */
export class Stop extends Error {}

/** Runs a script's main function; a Stop ends the process with its one line and exit code 1. */
export function main(work) {
  work().catch((error) => {
    say(error instanceof Stop ? error.message : error.stack);
    process.exit(1);
  });
}

/**
 * Runs a program at the root of the repository and resolves with its exit code, 127 if there is none of that name.
 * What it prints goes to stderr, or, with `quiet`, into `output`.
 */
export function run(command, args, { quiet = false, env = {} } = {}) {
  return new Promise((resolve) => {
    const stdio = quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2];
    const child = spawn(command, args, { cwd: ROOT, stdio, env: { ...process.env, ...env } });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Runs a JavaScript file of node_modules with this Node.js. */
export function runModule(file, args, options) {
  return run(process.execPath, [join(ROOT, 'node_modules', file), ...args], options);
}

/** Runs npm: the one that started this script, if there is one. */
export function runNpm(args, options) {
  const npm = process.env.npm_execpath;
  if (npm && /npm-cli\.c?js$/.test(npm)) return run(process.execPath, [npm, ...args], options);
  return process.platform === 'win32' ? run('cmd', ['/c', 'npm', ...args], options) : run('npm', args, options);
}

/** The first program with one of these names on the PATH, or undefined. */
export function onPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
}

/** Whether there is a Grafana on this machine. */
export function hasGrafana() {
  return Boolean(process.env.GRAFANA_HOME ?? onPath('grafana'));
}
