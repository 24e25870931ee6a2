import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SERVICE_OPTIONS } from '../heap.js';
import type { BenchDatabase } from './database.js';

/** The memory of the service's process, in MB. */
export interface Memory {
  now: number;
  /** the peak since the last call */
  most: number;
}

export interface BenchService {
  url: string;
  /** of the organization, with scopes ingest, directory and read */
  token: string;
  memoryMb(): Promise<Memory>;
  /** what is in use, without garbage: heap and buffers, in KB */
  usedKb(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * The service in a process of its own, with a token of that organization, which is created if it does not exist. Its clock is
 * `aheadMs` before this one's.
 */
export async function startBenchService(
  { url: databaseUrl }: BenchDatabase,
  orgId: string,
  aheadMs = 0,
): Promise<BenchService> {
  const process = fileURLToPath(new URL('./service-process.js', import.meta.url));
  const child = fork(process, [databaseUrl, orgId, String(aheadMs)], { execArgv: SERVICE_OPTIONS });
  const { url, token } = await answerOf<{ url: string; token: string }>(child);
  return {
    url,
    token,
    async memoryMb() {
      child.send('memory');
      const { now, most } = await answerOf<Memory>(child);
      return { now: now / 1024 / 1024, most: most / 1024 / 1024 };
    },
    async usedKb() {
      child.send('used');
      return (await answerOf<number>(child)) / 1024;
    },
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** Runs `work` with such a service, and stops it. */
export async function withBenchService<T>(
  made: BenchDatabase,
  orgId: string,
  work: (service: BenchService) => Promise<T>,
  aheadMs = 0,
): Promise<T> {
  const service = await startBenchService(made, orgId, aheadMs);
  try {
    return await work(service);
  } finally {
    await service.stop();
  }
}

async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the service of the benchmark ended')));
  const [answer] = (await Promise.race([once(child, 'message'), ended])) as [Answer];
  return answer;
}
