import type { RequestHandler } from 'express';
import type { Config } from '../../config.js';

const SECONDS_A_MINUTE = 60;

/**
 * The handshake in which a webhook sender asks for permission (CloudEvents, HTTP 1.1 Web Hooks). It grants nothing:
 * each event still needs a token. Any other OPTIONS request goes on to the next handler.
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

/** The granted requests per minute: as asked, but no more than a token may send; `*` if neither is limited. */
function allowedRate(asked: string, perSecond: number): string {
  const wanted = /^[1-9]\d{0,14}$/.test(asked.trim()) ? Number(asked) : Infinity;
  const rate = Math.min(wanted, perSecond === 0 ? Infinity : perSecond * SECONDS_A_MINUTE);
  return rate === Infinity ? '*' : String(rate);
}
