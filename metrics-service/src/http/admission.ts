import type { RequestHandler } from 'express';
import { ApiError } from '../contract/problem.js';
import { Shares } from '../db/shares.js';
import type { Services } from './services.js';

/** How many requests are being answered, of whom, and whether another one is let in. */
export class Admission {
  #inFlight = 0;
  readonly #shares: Shares;

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
   * Lets a request in, until its answer is sent or its caller gone; a 503 when the service is full or ends. Leaves in
   * `response.locals` how to know that the caller went away, and how to say whose request it is.
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
    response.locals.enter = (orgId) => this.#enter(orgId, gone.signal, (leave) => response.once('close', leave));
    response.once('close', () => {
      this.#inFlight -= 1;
      if (!response.writableFinished) gone.abort(new ApiError('busy', 'the caller went away'));
    });
    next();
  };

  /** One organization leaves room for others, however much it asks. */
  #enter(orgId: string, gone: AbortSignal, onLeave: (leave: () => void) => void): void {
    gone.throwIfAborted();
    if (!this.#shares.take(orgId)) {
      const most = this.#shares.most;
      throw new ApiError(
        'busy',
        `${most} requests of this organization are being answered already: send this again in a second`,
      );
    }
    onLeave(() => this.#shares.leave(orgId));
  }
}

/** Bounds the requests that are answered at a time, and shows how many there are among the service's metrics. */
export function admit({ config, monitoring, isStopping }: Pick<Services, 'config' | 'monitoring' | 'isStopping'>) {
  const admission = new Admission(config.maxConcurrency, isStopping);
  const help = 'Requests with a token that are being answered';
  monitoring.gauge('runboard_http_requests_in_flight', help, () => admission.inFlight);
  monitoring.gauge('runboard_http_requests_in_flight_max', 'How many there may be', () => config.maxConcurrency);
  return admission.handler;
}
