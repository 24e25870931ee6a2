import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit, type RateLimitRequestHandler } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';
import { tokenHash } from '../access/tokens.js';
import type { Config } from '../config.js';
import { ApiError } from '../contract/problem.js';
import { FairSlots } from '../db/fair-slots.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** Tokens that opened something within this time are let through from any address, so many at most. */
const PROVEN = { max: 10_000, ttl: 60 * MINUTE_MS };

/** So many that are probably guessed wait to be looked up, and so long. */
const MOST_GUESSES = 50;
const GUESS_PATIENCE_MS = 2_000;

/** An IPv6 network counts as one address: whoever has one address there has them all. */
const addressOf = ({ ip }: Request): string => ipKeyGenerator(ip ?? '');

interface Limit {
  name: string;
  windowMs: number;
  limit: number;
  keyOf: (request: Request, response: Response) => string;
  message: string;
}

/** Counts requests by a key, in this process alone; 0 counts none. */
function limiter({ name, windowMs, limit, keyOf, message }: Limit): RateLimitRequestHandler | null {
  if (limit === 0) return null;
  return rateLimit({
    ...{ windowMs, limit, identifier: name, keyGenerator: keyOf },
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // what it would warn of, the configuration refuses
    validate: false,
    handler: (_request, _response, next) => next(new ApiError('rate_limited', message)),
  });
}

const pass: RequestHandler = (_request, _response, next) => next();

type Limits = Pick<Config, 'rateLimitPerToken' | 'rateLimitPerAddress' | 'rateLimitBadTokens'>;

/** How much one address and one token may ask; what is more gets a 429 that says when to come back. */
export class RateLimits {
  /** for every request, before anything is known of it */
  readonly perAddress: RequestHandler;
  /** for a request whose token is known, and stands in `response.locals` */
  readonly perToken: RequestHandler;
  readonly #badTokens: RateLimitRequestHandler | null;
  readonly #proven = new LRUCache<string, true>(PROVEN);
  readonly #guesses = new FairSlots(1, GUESS_PATIENCE_MS);

  constructor(private readonly limits: Limits) {
    const perAddress = limiter({
      ...{ name: 'address', windowMs: SECOND_MS, limit: limits.rateLimitPerAddress, keyOf: addressOf },
      message: `more than ${limits.rateLimitPerAddress} requests a second came from your address: send this again in a second`,
    });
    const perToken = limiter({
      ...{ name: 'token', windowMs: SECOND_MS, limit: limits.rateLimitPerToken },
      keyOf: (_request, { locals: { token } }) => `${token.orgId} ${token.tokenId}`,
      message: `more than ${limits.rateLimitPerToken} requests a second came with your token: send this again in a second`,
    });
    this.perAddress = perAddress ?? pass;
    this.perToken = perToken ?? pass;
    this.#badTokens = limiter({
      ...{ name: 'bad-tokens', windowMs: MINUTE_MS, limit: limits.rateLimitBadTokens, keyOf: addressOf },
      message:
        'too many tokens came from your address that are unknown, expired or revoked: check yours, and wait a minute',
    });
  }

  /**
   * Looks a token up. From an address that guesses, one at a time is, and few wait for it: that cannot keep the database
   * busy. What opened something lately does not wait, so that a bad sender hurts nobody else behind its address; what is
   * valid and was not seen yet, as after a start, waits for moments. Null: it opens nothing, or too many wait.
   */
  async lookUp<Found>(request: Request, token: string, find: () => Promise<Found | null>): Promise<Found | null> {
    const counted = await this.#badTokens?.getKey(addressOf(request));
    const isGuessing = counted !== undefined && counted.totalHits >= this.limits.rateLimitBadTokens;
    if (!isGuessing || this.#proven.has(keyOf(token))) return find();
    if (this.#guesses.waiting >= MOST_GUESSES) return null;
    return this.#guesses.run(addressOf(request), find);
  }

  noteGood(token: string): void {
    this.#proven.set(keyOf(token), true);
  }

  /** Counts a token that opens nothing, and answers with `refusal`, or with a 429. */
  refuse(
    request: Request,
    response: Response,
    next: NextFunction,
    { token, refusal }: { token: string; refusal: ApiError },
  ) {
    this.#proven.delete(keyOf(token));
    const end: NextFunction = (error?: unknown) => next(error ?? refusal);
    if (this.#badTokens) this.#badTokens(request, response, end);
    else end();
  }
}

function keyOf(token: string): string {
  return tokenHash(token).toString('base64');
}
