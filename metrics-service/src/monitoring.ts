import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { FAULT_CODES } from './contract/answers.js';
import type { Connections } from './db/database.js';
import { POOL_NAMES, type Pools } from './db/pools.js';
import type { OutcomeCount } from './ingest/counts.js';
import type { JobOutcome } from './jobs/worker.js';

const DURATION_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** One request as it ended; all labels are of small closed sets. */
export interface RequestObservation {
  method: string;
  /** the route's template, `other` where none was reached */
  route: string;
  /** the HTTP status, `aborted` where the caller went away */
  status: string;
  durationMs: number;
}

/** What the service says about itself, as Prometheus reads it. It never names an organization, user or token. */
export class Monitoring {
  readonly #registry = new Registry();
  readonly #requests: Histogram<'method' | 'route' | 'status'>;
  readonly #events: Counter<'type' | 'outcome'>;
  readonly #deadLetters: Counter<'code'>;
  readonly #telemetry: Counter<'signal' | 'name' | 'outcome'>;
  readonly #jobs: Histogram<'job' | 'outcome'>;

  constructor(pools: Pools) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Histogram({
      name: 'runboard_http_request_duration_seconds',
      help: 'Requests and how long they took, by route template and status',
      labelNames: ['method', 'route', 'status'],
      buckets: DURATION_BUCKETS_S,
      registers,
    });
    this.#events = new Counter({
      name: 'runboard_events_total',
      help: 'Events sent, by type and what became of them: accepted, duplicate or why they were rejected',
      labelNames: ['type', 'outcome'],
      registers,
    });
    this.#deadLetters = new Counter({
      name: 'runboard_dead_letters_total',
      help: 'Rejected events, which are kept as dead letters, by reason',
      labelNames: ['code'],
      registers,
    });
    this.#telemetry = new Counter({
      name: 'runboard_telemetry_records_total',
      help: 'Records of telemetry and hooks, by name where a mapping knows it, and what became of them',
      labelNames: ['signal', 'name', 'outcome'],
      registers,
    });
    this.#jobs = new Histogram({
      name: 'runboard_job_duration_seconds',
      help: 'Background jobs and how long they took, by what they do and how they ended',
      labelNames: ['job', 'outcome'],
      buckets: DURATION_BUCKETS_S,
      registers,
    });
    for (const code of FAULT_CODES) this.#deadLetters.inc({ code }, 0);
    new Gauge({
      name: 'runboard_database_connections',
      help: 'Open connections to the database',
      labelNames: ['pool', 'state'],
      registers,
      collect() {
        for (const pool of POOL_NAMES) {
          const { used, idle } = pools[pool].connections();
          this.set({ pool, state: 'used' }, used);
          this.set({ pool, state: 'idle' }, idle);
        }
      },
    });
    const ofPools = (name: string, help: string, member: keyof Connections): void => {
      const collect = function (this: Gauge<'pool'>): void {
        for (const pool of POOL_NAMES) this.set({ pool }, pools[pool].connections()[member]);
      };
      new Gauge({ name, help, labelNames: ['pool'], registers, collect });
    };
    ofPools('runboard_database_connections_max', 'How many connections there may be', 'most');
    ofPools('runboard_database_waiting', 'Transactions that wait for a connection', 'waiting');
  }

  /** A number that is read whenever the metrics are. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** A number that only grows, which is read whenever the metrics are. */
  counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  observeRequest({ method, route, status, durationMs }: RequestObservation): void {
    this.#requests.observe({ method, route, status }, durationMs / 1_000);
  }

  observeJob({ job, outcome, durationMs }: JobOutcome): void {
    this.#jobs.observe({ job, outcome }, durationMs / 1_000);
  }

  countEvents(counts: readonly OutcomeCount[]): void {
    for (const { type, outcome, count } of counts) {
      this.#events.inc({ type, outcome }, count);
      if (outcome !== 'accepted' && outcome !== 'duplicate') this.#deadLetters.inc({ code: outcome }, count);
    }
  }

  /** `name` must be one that a mapping knows, or `other`. */
  countTelemetry(record: { signal: string; name: string; outcome: string }, count = 1): void {
    this.#telemetry.inc(record, count);
  }

  /** The metrics as text, with its media type. */
  async read(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}
