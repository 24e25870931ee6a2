import { setTimeout as sleep } from 'node:timers/promises';
import { Logger as LibraryLogger, parseCronItems, run, type Runner, type TaskList } from 'graphile-worker';
import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import { jobsPool } from '../db/jobs-schema.js';
import type { PriceTable } from '../pricing/types.js';
import { JOBS } from './index.js';
import { taskOf, type Job } from './job.js';

/** Jobs at a time, so that one of a large organization does not stop all others. */
const CONCURRENCY = 2;
/** One connection listens, the others come and go. */
const CONNECTIONS = 3;
/** New jobs are told at once; only what waits for its time, or is tried again, is looked for. */
const POLL_MS = 10_000;
const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 60_000;
/** What a job has begun may end for so long once the service stops. */
const STOP_WITHIN_MS = 10_000;

/**
 * How the queue hears of jobs that have ended: told one by one (the default), an error of the database then is nobody's,
 * and ends the process; so it ends the worker, which begins again.
 */
const TOLD_TOGETHER = { completeJobBatchDelay: 0, failJobBatchDelay: 0 };

export interface JobOutcome {
  job: string;
  outcome: 'succeeded' | 'failed' | 'interrupted';
  durationMs: number;
}

export interface WorkerOptions {
  databaseUrl: string;
  database: Database;
  prices: PriceTable;
  log: Logger;
  onDone?: (outcome: JobOutcome) => void;
}

export interface Worker {
  /** Takes no more jobs, and waits for those that run: they stop as soon as they can. */
  stop(): Promise<void>;
}

/** Does jobs of the queue until it is stopped. Where the database is away it begins again, more patiently each time. */
export function startWorker(options: WorkerOptions): Worker {
  const ending = new AbortController();
  let runner: Runner | null = null;
  let stopped: Promise<void> | undefined;
  const stopRunner = (): void => {
    stopped ??= runner?.stop().catch(() => {});
  };
  const supervise = async (): Promise<void> => {
    for (let waitMs = FIRST_WAIT_MS; !ending.signal.aborted; waitMs = Math.min(2 * waitMs, MOST_WAIT_MS)) {
      const pool = jobsPool(options.databaseUrl, { max: CONNECTIONS });
      try {
        runner = await begin(pool, options, ending.signal);
        waitMs = FIRST_WAIT_MS;
        if (ending.signal.aborted) stopRunner();
        await runner.promise;
      } catch (error) {
        if (!ending.signal.aborted)
          options.log.warn({ err: error, waitMs }, 'the background worker stopped; it will be restarted');
      } finally {
        runner = null;
        // what became of its jobs is written with these connections
        await stopped;
        await pool.end().catch(() => {});
      }
      await sleep(waitMs, undefined, { signal: ending.signal, ref: false }).catch(() => {});
    }
  };
  const supervised = supervise();
  return {
    async stop() {
      ending.abort();
      stopRunner();
      await Promise.race([supervised, sleep(STOP_WITHIN_MS, undefined, { ref: false })]);
    },
  };
}

async function begin(pool: ReturnType<typeof jobsPool>, options: WorkerOptions, ending: AbortSignal): Promise<Runner> {
  const { prices, log } = options;
  const taskList: TaskList = Object.fromEntries(
    JOBS.map((job) => [taskOf(job, prices), taskFor(job, options, ending)]),
  );
  const timed = JOBS.filter(({ everyMinutes }) => everyMinutes !== undefined);
  const runner = await run({
    pgPool: pool,
    taskList,
    parsedCronItems: parseCronItems(
      timed.map((job) => ({ task: taskOf(job, prices), match: `*/${job.everyMinutes} * * * *` })),
    ),
    concurrency: CONCURRENCY,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    logger: libraryLogger(log),
    preset: { worker: TOLD_TOGETHER },
  });
  for (const job of timed) {
    const task = taskOf(job, prices);
    await runner.addJob(task, { atStart: true }, { jobKey: `${task} at start` });
  }
  return runner;
}

function taskFor(job: Job, { database, prices, log, onDone }: WorkerOptions, signal: AbortSignal) {
  return async (payload: unknown): Promise<void> => {
    const startMs = performance.now();
    const done = (outcome: JobOutcome['outcome']): void =>
      onDone?.({ job: job.name, outcome, durationMs: performance.now() - startMs });
    try {
      signal.throwIfAborted();
      await job.run({ database, prices, log, signal }, payload as { orgId?: string; atStart?: boolean });
      done('succeeded');
    } catch (error) {
      if (signal.aborted) {
        done('interrupted');
      } else {
        done('failed');
        log.warn({ err: error, job: job.name }, 'a background job failed; it will be retried');
      }
      // the queue keeps it, and must not quote what the error says
      throw new Error(signal.aborted ? 'the service ended' : 'failed: see the log of the service');
    }
  };
}

const TROUBLE: string[] = ['error', 'warning'];

/** What the library has to say that is wrong; of jobs that failed we have spoken. */
function libraryLogger(log: Logger): LibraryLogger {
  return new LibraryLogger(() => (level, _message, meta) => {
    if (!TROUBLE.includes(level) || meta?.failure) return;
    log.warn({ err: meta?.error }, 'the queue of background jobs reported a problem');
  });
}
