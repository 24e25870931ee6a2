import type { RequestHandler } from 'express';
import type { Config } from '../../config.js';

const SECONDS_A_MINUTE = 60;

/**
 * The handshake by which a sender of webhooks asks whether it may (CloudEvents, HTTP 1.1 Web Hooks). It grants nothing:
 * each event needs a token. An OPTIONS request without it goes on to the next handler.
 */
export function webhookHandshake({ rateLimitPerToken }: Pick<Config, 'rateLimitPerToken'>): RequestHandler {
  return (request, response, next) => {
    const origin = request.get('WebHook-Request-Origin');
    if (origin === undefined || origin === '') {
      next();
      return;
    }
    response.set({ Allow: 'POST', 'WebHook-Allowed-Origin': origin });
    const asked = request.get('WebHook-Request-Rate');
    if (asked !== undefined) response.set('WebHook-Allowed-Rate', allowedRate(asked, rateLimitPerToken));
    response.status(200).end();
  };
}

/** Requests a minute: what was asked, but no more than a token may; `*` where neither says a number. */
function allowedRate(asked: string, perSecond: number): string {
  const wanted = /^[1-9]\d{0,14}$/.test(asked.trim()) ? Number(asked) : Infinity;
  const rate = Math.min(wanted, perSecond === 0 ? Infinity : perSecond * SECONDS_A_MINUTE);
  return rate === Infinity ? '*' : String(rate);
}
