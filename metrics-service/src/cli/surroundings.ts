import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig, type Config } from '../config.js';

/** The folder of the repository: relative data folders are in it, wherever the command is run. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What the commands need from their surroundings. */
export interface Surroundings {
  /** now, in epoch milliseconds */
  clock: () => number;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** for a person's answers; without it questions cannot be asked */
  stdin?: NodeJS.ReadStream;
  /** who runs the command, for the audit log: `ann@laptop` */
  actor: string;
  /** for child processes; the settings of this process are in `config` */
  environment: Record<string, string | undefined>;
  /** the environment, checked; `dataDir` is absolute. @throws ConfigError */
  config(defaults?: Partial<Pick<Config, 'logLevel'>>): Config;
}

export function surroundings(): Surroundings {
  return {
    clock: Date.now,
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    actor: `${osUser()}@${hostname()}`,
    environment: process.env,
    config(defaults) {
      const config = loadConfig(undefined, defaults);
      return { ...config, dataDir: resolve(ROOT, config.dataDir) };
    },
  };
}

/** In a container the user may have no name. */
function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** Prints a result: as JSON if requested, else the lines. */
export function print({ stdout }: Surroundings, json: boolean | undefined, value: unknown, lines: string[]): void {
  stdout.write(json ? `${JSON.stringify(value)}\n` : lines.map((line) => `${line}\n`).join(''));
}
