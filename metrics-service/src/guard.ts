import { spawn, type ChildProcess } from 'node:child_process';

/**
 * A shell script as a small process of its own, which outlives this one: its input ends when this process ends in any
 * way, with -9 too. Whoever no longer needs it kills it.
 */
export function spawnGuard(script: string, ...args: string[]): ChildProcess {
  const child = spawn('/bin/sh', ['-c', script, 'runboard-guard', ...args], {
    cwd: '/',
    env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}
