import express, { type RequestHandler } from 'express';
import type { TokenIdentity } from '../access/tokens.js';
import { ApiError } from '../contract/problem.js';
import { Shares } from '../db/shares.js';
import type { Services } from './services.js';

/** Counts the requests in flight, per organization and token, and decides whether another one is let in. */
export class Admission {
  #inFlight = 0;
  readonly #shares: Shares;
  /** requests whose body is still arriving, by token */
  readonly #arriving = new Map<string, number>();

  constructor(
    private readonly limit: number,
    private readonly isStopping: () => boolean = () => false,
  ) {
    this.#shares = new Shares(limit);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /**
   * Admits a request until its answer is sent or its caller has gone; a 503 when the service is full or ending. Sets in
   * `response.locals` the signal of a caller who left, and the function that says whose request it is.
   */
  readonly handler: RequestHandler = (_request, response, next) => {
    if (this.isStopping()) {
      throw new ApiError('busy', 'the service is ending: send this again in a moment', { Connection: 'close' });
    }
    if (this.#inFlight >= this.limit) {
      throw new ApiError('busy', `${this.limit} requests are being answered already: send this again in a second`);
    }
    this.#inFlight += 1;
    const gone = new AbortController();
    response.locals.gone = gone.signal;
    response.locals.enter = (identity) => {
      gone.signal.throwIfAborted();
      const leave = this.#enter(identity);
      response.once('close', leave);
      const arrived = this.#arrive(identity);
      response.locals.arrived = arrived;
      response.once('close', arrived);
    };
    response.once('close', () => {
      this.#inFlight -= 1;
      if (!response.writableFinished) gone.abort(new ApiError('busy', 'the caller went away'));
    });
    next();
  };

  /** One organization leaves room for others, however much it asks. */
  #enter({ orgId }: TokenIdentity): () => void {
    if (this.#shares.take({ group: orgId })) return () => this.#shares.leave({ group: orgId });
    const most = this.#shares.most;
    throw new ApiError(
      'busy',
      `${most} requests of this organization are being answered already: send this again in a second`,
    );
  }

  /**
   * One sender leaves room for others of its organization, however slowly its bodies arrive: it gets half of the
   * organization's.
   */
  #arrive({ orgId, tokenId }: TokenIdentity): () => void {
    const key = `${orgId} ${tokenId}`;
    const before = this.#arriving.get(key) ?? 0;
    const most = Math.max(1, Math.ceil(this.#shares.most / 2));
    if (before >= most) {
      throw new ApiError(
        'busy',
        `${most} bodies with this token are on their way already: send this again in a second`,
      );
    }
    this.#arriving.set(key, before + 1);
    let isArriving = true;
    return () => {
      if (!isArriving) return;
      isArriving = false;
      const left = this.#arriving.get(key)! - 1;
      if (left > 0) this.#arriving.set(key, left);
      else this.#arriving.delete(key);
    };
  }
}

/** Reads a whole body as bytes; afterwards the request no longer counts as one whose body is arriving. */
export function readBody(limit: number): RequestHandler {
  const read = express.raw({ type: () => true, limit });
  return (request, response, next) => {
    read(request, response, (error?: unknown) => {
      response.locals.arrived();
      next(error);
    });
  };
}

/**
 * Bounds the requests in flight, and reports them in the service's metrics. Events have slots of their own: no sender
 * can keep questions out.
 */
export function admit({
  config,
  monitoring,
  isStopping,
}: Pick<Services, 'config' | 'monitoring' | 'isStopping'>): Record<'events' | 'others', RequestHandler> {
  const [events, others] = [1, 2].map(() => new Admission(config.maxConcurrency, isStopping)) as [Admission, Admission];
  const help = 'Requests with a token that are being answered';
  monitoring.gauge('runboard_http_requests_in_flight', help, () => events.inFlight + others.inFlight);
  monitoring.gauge('runboard_http_requests_in_flight_max', 'How many there may be', () => 2 * config.maxConcurrency);
  // requests admitted as events are not counted again
  const other: RequestHandler = (request, response, next) =>
    response.locals.gone ? next() : others.handler(request, response, next);
  return { events: events.handler, others: other };
}
