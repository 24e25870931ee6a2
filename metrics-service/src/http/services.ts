import type { Logger } from 'pino';
import type { Badge } from '../access/badges.js';
import type { Asker } from '../access/viewer.js';
import type { TokenIdentity } from '../access/tokens.js';
import type { Config } from '../config.js';
import type { ProblemCode } from '../contract/problem.js';
import type { Pools } from '../db/pools.js';
import type { Live } from '../live/index.js';
import type { Ingest } from '../ingest/index.js';
import type { TelemetrySeen } from '../ingest/telemetry-seen.js';
import type { Monitoring } from '../monitoring.js';
import type { AnswerTexts } from '../query/index.js';
import type { RateLimits } from './rate-limits.js';

/** What the routes depend on; everything that touches the outside is passed in. */
export interface Services {
  config: Config;
  /** connection pools by kind of work */
  pools: Pools;
  ingest: Ingest;
  /** the streams of what is going on now */
  live: Live;
  /** what came in as telemetry and hooks */
  telemetrySeen: TelemetrySeen;
  /** cached answers, and those being computed */
  answers: AnswerTexts;
  monitoring: Monitoring;
  limits: RateLimits;
  /** where this machine's Grafana shows the boards, once `npm start` has started it */
  boards: { url: string | null };
  /** now, in epoch milliseconds */
  clock: () => number;
  log: Logger;
  /** whether the service is ending and takes no more requests */
  isStopping?: () => boolean;
  /** the names of the migrations that this version needs, for readiness */
  migrations: string[];
}

declare module 'express-serve-static-core' {
  interface Locals {
    requestId: string;
    /** the code of the problem that was answered */
    problem?: ProblemCode;
    /** aborted when the caller leaves before the answer; set by admission */
    gone: AbortSignal;
    /** attributes the request to that token and its organization; set by admission */
    enter: (identity: TokenIdentity) => void;
    /** its body has arrived; set with the token */
    arrived: () => void;
    /** the body was too large to be read; set by routes that answer nevertheless */
    tooLarge?: boolean;
    /** set by requireScope */
    token: TokenIdentity;
    /** what the token of a badge opens */
    badge?: Badge;
    /** the organization, and on whose behalf; set with the token */
    asker: Asker;
  }
}
