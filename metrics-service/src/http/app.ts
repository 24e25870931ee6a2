import { randomUUID } from 'node:crypto';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { admit } from './admission.js';
import { badgesRoute } from './badges.js';
import { catalogueRoute } from './catalogue.js';
import { costsRoute } from './costs.js';
import { dimensionsRoute } from './dimensions.js';
import { docsRoute } from './docs.js';
import { eventsRoute } from './events.js';
import { exportRoute } from './export.js';
import { healthRoutes } from './health.js';
import { HOOK_PATHS, hooksRoutes } from './hooks.js';
import { liveRoute } from './live.js';
import { admitStreams } from './live-places.js';
import { meRoute } from './me.js';
import { mcpRoute } from './mcp.js';
import { metricsRoute } from './metrics.js';
import { observeRequests } from './observe.js';
import { openApiRoute } from './openapi.js';
import { OTLP_PATHS } from './otlp/answer.js';
import { otlpRoutes } from './otlp/route.js';
import { methodNotAllowed, notFound, problems } from './problems.js';
import { queryRoute } from './query.js';
import { RateLimits } from './rate-limits.js';
import { requestLog } from './request-log.js';
import type { Services } from './services.js';
import { startPageRoute } from './start-page.js';

/** Rejects a token sent as an id by mistake: ids are logged. */
const REQUEST_ID = /^(?!rbb?_)[\w.:-]{1,100}$/;

/** The HTTP service: all its routes on one screen. */
export function createApp(given: Omit<Services, 'limits'>): Express {
  const services: Services = { ...given, limits: new RateLimits(given.config) };
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', services.config.trustProxy);
  app.use(requestId, requestLog(services), observeRequests(services), helmet());

  app.use(healthRoutes(services));
  app.use(services.limits.perAddress);
  app.use(startPageRoute(services));
  const admission = admit(services);
  app.use(['/v1/events', ...OTLP_PATHS, ...HOOK_PATHS], admission.events);
  app.use('/v1/live', admitStreams(services));
  app.use(['/v1', '/mcp'], admission.others);
  app.use(eventsRoute(services));
  app.use(otlpRoutes(services));
  app.use(hooksRoutes(services));
  app.use(queryRoute(services));
  app.use(catalogueRoute(services));
  app.use(dimensionsRoute(services));
  app.use(exportRoute(services));
  app.use(liveRoute(services));
  app.use(costsRoute(services));
  app.use(badgesRoute(services));
  app.use(meRoute(services));
  app.use(mcpRoute(services));
  app.use(openApiRoute(), docsRoute(), metricsRoute(services));

  app.all(['/', '/health', '/ready', '/openapi.json', '/docs', '/metrics'], methodNotAllowed('GET'));
  app.all(['/v1/events', ...OTLP_PATHS, ...HOOK_PATHS, '/v1/query', '/mcp'], methodNotAllowed('POST'));
  app.all(
    ['/v1/me', '/v1/live', '/v1/catalogue', '/v1/dimensions/:name/values', '/v1/export/:view.csv'],
    methodNotAllowed('GET'),
  );
  app.all(
    ['/v1/work-items/:id/costs', '/v1/work-items/costs', '/v1/costs/summary', '/v1/costs/by-work-item'],
    methodNotAllowed('GET'),
  );
  app.all(['/v1/badges/:badgeToken.svg', '/v1/badges/:badgeToken.json'], methodNotAllowed('GET'));
  app.use(notFound);
  app.use(problems(services));
  return app;
}

/** Gives every request an id: the caller's if it is valid, else a new one. */
const requestId: RequestHandler = (request, response, next) => {
  const given = request.headers['x-request-id'];
  response.locals.requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
  response.set('X-Request-Id', response.locals.requestId);
  next();
};
