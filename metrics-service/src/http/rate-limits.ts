import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit, type RateLimitRequestHandler } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';
import { tokenHash } from '../access/tokens.js';
import type { Config } from '../config.js';
import { ApiError } from '../contract/problem.js';
import { FairSlots } from '../db/fair-slots.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** Tokens that were valid within this time pass from any address; at most this many are remembered. */
const PROVEN = { max: 10_000, ttl: 60 * MINUTE_MS };

/** How many probable guesses may wait for their look-up, and how long. */
const MOST_GUESSES = 50;
const GUESS_PATIENCE_MS = 2_000;

/** An IPv6 network counts as one address: whoever has one address in it has them all. */
const addressOf = ({ ip }: Request): string => ipKeyGenerator(ip ?? '');

interface Limit {
  name: string;
  windowMs: number;
  limit: number;
  keyOf: (request: Request, response: Response) => string;
  message: string;
}

/** Counts requests by key, in this process only; a limit of 0 is no limit. */
function limiter({ name, windowMs, limit, keyOf, message }: Limit): RateLimitRequestHandler | null {
  if (limit === 0) return null;
  return rateLimit({
    ...{ windowMs, limit, identifier: name, keyGenerator: keyOf },
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // the configuration already refuses what it would warn about
    validate: false,
    handler: (_request, _response, next) => next(new ApiError('rate_limited', message)),
  });
}

const pass: RequestHandler = (_request, _response, next) => next();

type Limits = Pick<Config, 'rateLimitPerToken' | 'rateLimitPerAddress' | 'rateLimitBadTokens'>;

/** Tokens of one kind that open nothing, counted by address: whoever guesses is slowed down, and nobody else. */
class Guesses {
  readonly #counter: RateLimitRequestHandler | null;
  readonly #proven = new LRUCache<string, true>(PROVEN);
  readonly #slots = new FairSlots(1, GUESS_PATIENCE_MS);

  constructor(
    private readonly limit: number,
    { name, message }: Pick<Limit, 'name' | 'message'>,
  ) {
    this.#counter = limiter({ name, windowMs: MINUTE_MS, limit, keyOf: addressOf, message });
  }

  /**
   * Looks a token up. For an address that guesses, one look-up runs at a time and few wait, so that it cannot keep the
   * database busy. Tokens that were valid lately never wait; valid ones not seen yet (after a start, say) wait briefly.
   * Null: the token is invalid, or too many are waiting.
   */
  async lookUp<Found>(request: Request, token: string, find: () => Promise<Found | null>): Promise<Found | null> {
    const counted = await this.#counter?.getKey(addressOf(request));
    const isGuessing = counted !== undefined && counted.totalHits >= this.limit;
    if (!isGuessing || this.#proven.has(keyOf(token))) return find();
    if (this.#slots.waiting >= MOST_GUESSES) return null;
    return this.#slots.run({ group: addressOf(request) }, find);
  }

  noteGood(token: string): void {
    this.#proven.set(keyOf(token), true);
  }

  /** Counts an invalid token; goes on with the error of a 429 where there were too many. */
  refuse(request: Request, response: Response, token: string, next: NextFunction): void {
    this.#proven.delete(keyOf(token));
    if (this.#counter) this.#counter(request, response, next);
    else next();
  }
}

/** Request limits per address and per token; a request beyond them gets a 429 that says when to retry. */
export class RateLimits {
  /** for every request, before anything else is known about it */
  readonly perAddress: RequestHandler;
  /** for a request with a known token in `response.locals` */
  readonly perToken: RequestHandler;
  readonly tokens: Guesses;
  readonly badges: Guesses;

  constructor(limits: Limits) {
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
    this.tokens = new Guesses(limits.rateLimitBadTokens, {
      name: 'bad-tokens',
      message:
        'too many requests with unknown, expired or revoked tokens came from your address: check your token, and try again in a minute',
    });
    this.badges = new Guesses(limits.rateLimitBadTokens, {
      name: 'bad-badges',
      message: 'too many requests for unknown, expired or revoked badges came from your address: try again in a minute',
    });
  }
}

function keyOf(token: string): string {
  return tokenHash(token).toString('base64');
}
