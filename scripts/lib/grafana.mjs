import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Whether there is a Grafana on this machine: GRAFANA_HOME, or `grafana` on the PATH. */
export function hasGrafana() {
  return Boolean(process.env.GRAFANA_HOME) || onPath(['grafana']) !== undefined;
}

/** The first program with one of these names on the PATH, or undefined. */
export function onPath(names) {
  const folders = (process.env.PATH ?? '').split(':').filter(Boolean);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
}
