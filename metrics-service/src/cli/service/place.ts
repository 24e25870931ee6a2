import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The account whose service it is, on which machine. */
export interface Place {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly uid: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What a command of the system said; null: there is no such command. */
export type Said = { readonly code: number; readonly stdout: string; readonly stderr: string } | null;

const WITHIN_MS = 15_000;

/** Runs a command of the system, in the account's environment. */
export function runIn({ environment }: Place, [command, ...args]: readonly string[]): Promise<Said> {
  return new Promise((resolve) => {
    const options = { env: { ...environment }, timeout: WITHIN_MS };
    execFile(command!, args, options, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') return resolve(null);
      resolve({ code: error ? Number(error.code) || 1 : 0, stdout, stderr });
    });
  });
}

/** The folder of the settings of this account. */
export function configFolder({ home, environment }: Place): string {
  return environment.XDG_CONFIG_HOME?.trim() || join(home, '.config');
}

/** This Node.js by the name on the PATH, which stays when a package manager updates it; else by where it lies now. */
export function lastingNode({ environment }: Place, node = process.execPath): string {
  const real = realOf(node);
  const named = (environment.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  return named.map((folder) => join(folder, 'node')).find((path) => realOf(path) === real) ?? node;
}

function realOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
