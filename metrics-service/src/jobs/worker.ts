import { setTimeout as sleep } from 'node:timers/promises';
import { Logger as LibraryLogger, parseCronItems, run, type Runner, type TaskList } from 'graphile-worker';
import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import { jobsPool } from '../db/jobs-schema.js';
import type { PriceTable } from '../pricing/types.js';
import { JOBS } from './index.js';
import { taskOf, type Job } from './job.js';
import { findSettling } from './settle.js';

/** Jobs at a time: more than one, so that a large organization does not hold up all others. */
const CONCURRENCY = 2;
/** One connection listens, the others are used as needed. */
const CONNECTIONS = 3;
/** New jobs are notified at once; polling is only for jobs that are scheduled or retried. */
const POLL_MS = 10_000;
const MINUTE_MS = 60_000;
const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 60_000;
/** How long a running job may take to stop when the service does. */
const STOP_WITHIN_MS = 10_000;

/**
 * How the queue records the jobs that have ended. One by one (the default), a database error at that point would be an
 * unhandled rejection and end the process; in batches it ends the worker, which is restarted.
 */
const RECORD_IN_BATCHES = { completeJobBatchDelay: 0, failJobBatchDelay: 0 };

export interface JobOutcome {
  job: string;
  outcome: 'succeeded' | 'failed' | 'interrupted';
  durationMs: number;
}

export interface WorkerOptions {
  databaseUrl: string;
  database: Database;
  prices: PriceTable;
  /** as in JobContext */
  settleMs?: number | null;
  log: Logger;
  onDone?: (outcome: JobOutcome) => void;
}

export interface Worker {
  /** Takes no more jobs, and waits for the running ones, which stop as soon as they can. */
  stop(): Promise<void>;
}

/** Runs jobs of the queue until it is stopped. If the database is unavailable it restarts, after longer and longer waits. */
export function startWorker(options: WorkerOptions): Worker {
  const ending = new AbortController();
  quietTraces();
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
        // the outcomes of its jobs are written with these connections
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
    preset: { worker: RECORD_IN_BATCHES },
  });
  for (const job of timed) {
    const task = taskOf(job, prices);
    await runner.addJob(task, { atStart: true }, { jobKey: `${task} at start` });
  }
  repeatSettling(runner, options, ending);
  return runner;
}

/** Where sessions settle within less than a minute, as in tests, the queue's own timers are too slow. */
function repeatSettling(runner: Runner, { settleMs = null, prices }: WorkerOptions, ending: AbortSignal): void {
  if (settleMs === null || settleMs >= MINUTE_MS) return;
  const timer = setInterval(() => {
    void runner.addJob(taskOf(findSettling, prices), {}, { jobKey: 'find_settling repeated' }).catch(() => {});
  }, settleMs).unref();
  const stop = (): void => clearInterval(timer);
  ending.addEventListener('abort', stop);
  void runner.promise.then(stop, stop);
}

function taskFor(job: Job, { database, prices, settleMs = null, log, onDone }: WorkerOptions, signal: AbortSignal) {
  return async (payload: unknown): Promise<void> => {
    const startMs = performance.now();
    const done = (outcome: JobOutcome['outcome']): void =>
      onDone?.({ job: job.name, outcome, durationMs: performance.now() - startMs });
    try {
      signal.throwIfAborted();
      await job.run({ database, prices, settleMs, log, signal }, payload as { orgId?: string; atStart?: boolean });
      done('succeeded');
    } catch (error) {
      if (signal.aborted) {
        done('interrupted');
      } else {
        done('failed');
        log.warn({ err: error, job: job.name }, 'a background job failed; it will be retried');
      }
      // the queue stores this message, which must not quote the error
      throw new Error(signal.aborted ? 'the service ended' : 'failed: see the log of the service');
    }
  };
}

/**
 * When the queue shuts down while one of its workers cannot reach the database, it prints that error with console.trace
 * besides giving it to its logger. The standard error is for what nobody caught, so only the log gets it.
 */
function quietTraces(): void {
  Object.assign(console, { trace: () => {} });
}

const TROUBLE: string[] = ['error', 'warning'];

/** Logs the library's own warnings and errors; failed jobs are logged above. */
function libraryLogger(log: Logger): LibraryLogger {
  return new LibraryLogger(() => (level, _message, meta) => {
    if (!TROUBLE.includes(level) || meta?.failure) return;
    log.warn({ err: meta?.error }, 'the queue of background jobs reported a problem');
  });
}
