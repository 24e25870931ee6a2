import type { Logger } from 'pino';
import type { Asker } from '../access/viewer.js';
import type { TokenIdentity } from '../access/tokens.js';
import type { Config } from '../config.js';
import type { ProblemCode } from '../contract/problem.js';
import type { Pools } from '../db/pools.js';
import type { Ingest } from '../ingest/index.js';
import type { Monitoring } from '../monitoring.js';
import type { AnswerTexts } from '../query/index.js';
import type { RateLimits } from './rate-limits.js';

/** What the routes work with; everything that touches the outside is passed in. */
export interface Services {
  config: Config;
  /** the database, by the kind of work */
  pools: Pools;
  ingest: Ingest;
  /** answers to questions that are known, or being computed */
  answers: AnswerTexts;
  monitoring: Monitoring;
  limits: RateLimits;
  /** now, in epoch milliseconds */
  clock: () => number;
  log: Logger;
  /** whether the service is ending: it takes no more requests then */
  isStopping?: () => boolean;
  /** the names of the migrations that this version needs, for readiness */
  migrations: string[];
}

declare module 'express-serve-static-core' {
  interface Locals {
    requestId: string;
    /** the code of the problem that is the answer */
    problem?: ProblemCode;
    /** aborted when the caller goes away before the answer; set by admission */
    gone: AbortSignal;
    /** counts the request as one of that token's and its organization's; set by admission */
    enter: (identity: TokenIdentity) => void;
    /** its body is there; set with the token */
    arrived: () => void;
    /** set by requireScope */
    token: TokenIdentity;
    /** whose organization, and on whose behalf; set with the token */
    asker: Asker;
  }
}
