import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether there is a running process of that id (of any user). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return !isZombie(pid);
}

/** A killed process stays in the list until its parent asks; in a container often nobody does. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return /^[ZX]/.test(fieldsOf(readFileSync(`/proc/${pid}/stat`, 'utf8'))[0] ?? '');
  } catch {
    return false;
  }
}

/** The fields after the name, which stands in brackets and may hold anything: state, parent … */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** What tells a process from a later one of the same id: when it started. null: no such process. */
export async function processIdentity(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return ps(pid, 'lstart=');
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
    return `${boot.trim()} ${fieldsOf(stat)[19]}`;
  } catch {
    return null;
  }
}

/** The command line of a process, its arguments separated by spaces; null: no such process. */
export async function commandLine(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return ps(pid, 'args=');
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  return text ? text.replaceAll('\0', ' ') : null;
}

async function ps(pid: number, field: string): Promise<string | null> {
  try {
    const { stdout } = await run('ps', ['-o', field, '-p', String(pid)], {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' },
    });
    return stdout.trim() || null;
  } catch {
    return null;
  }
}

/** Waits until the process is gone; false if it still is there after `timeoutMs`. */
export async function gone(pid: number, timeoutMs: number): Promise<boolean> {
  for (let waited = 0; isAlive(pid); waited += 50) {
    if (waited >= timeoutMs) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
