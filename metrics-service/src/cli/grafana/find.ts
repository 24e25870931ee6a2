import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Config } from '../../config.js';
import { Failure } from '../../failure.js';
import { ROOT } from '../surroundings.js';

const run = promisify(execFile);

export interface FoundGrafana {
  /** the folder with conf/ and public/ */
  home: string;
  /** the program */
  binary: string;
}

/** The Grafana of GRAFANA_HOME, else `grafana` on the PATH; null if there is none. @throws Failure if GRAFANA_HOME is wrong */
export async function findGrafana({ grafanaHome }: Pick<Config, 'grafanaHome'>): Promise<FoundGrafana | null> {
  if (grafanaHome !== undefined) {
    const home = resolve(ROOT, grafanaHome);
    const binary = join(home, 'bin', 'grafana');
    if (isHome(home) && existsSync(binary)) return { home, binary };
    throw new Failure(
      `GRAFANA_HOME is ${JSON.stringify(grafanaHome)}, but must be the folder of a Grafana, with bin/grafana and conf/defaults.ini`,
    );
  }
  const { stdout } = await run('/bin/sh', ['-c', 'command -v grafana']).catch(() => ({ stdout: '' }));
  return stdout.trim() === '' ? null : homeOf(stdout.trim());
}

/** The home of a `grafana` on the PATH: unpacked archives, Homebrew and Linux packages differ. */
function homeOf(onPath: string): FoundGrafana | null {
  const real = realpathSync(onPath);
  const around = [real, onPath].map((path) => dirname(dirname(path)));
  const homes = [...around, ...around.map((folder) => join(folder, 'share', 'grafana')), '/usr/share/grafana'];
  const home = homes.find(isHome);
  if (home === undefined) return null;
  // in Linux packages the program on the PATH is a script that adds the settings of the system's Grafana
  const own = join(home, 'bin', 'grafana');
  return { home, binary: existsSync(own) ? own : real };
}

function isHome(folder: string): boolean {
  return existsSync(join(folder, 'conf', 'defaults.ini'));
}
