import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from './run.mjs';

/** What something was built from: each file with its size and time. */
export function stampOf(files) {
  const stamp = {};
  for (const file of files) {
    const { size, mtimeMs } = statSync(file);
    stamp[relative(ROOT, file)] = `${size} ${mtimeMs}`;
  }
  return stamp;
}

/** Every file in a folder, those of folders called `without` left out. */
export function filesIn(folder, without = []) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (without.includes(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path, without) : [path];
  });
}

/** null: there is none */
export function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

export function writeStamp(file, stamp) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(stamp));
}

export function sameStamp(before, now) {
  const names = Object.keys(now);
  return names.length === Object.keys(before).length && names.every((name) => before[name] === now[name]);
}
