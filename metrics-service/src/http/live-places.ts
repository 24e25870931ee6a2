import type { RequestHandler } from 'express';
import { ApiError } from '../contract/problem.js';
import type { Services } from './services.js';

/** Streams that a process holds open at most, and of them one viewer: they take no place of a question. */
const PLACES = 200;
const PLACES_OF_VIEWER = 20;

/** Admits streams, each until it ends. Sets in `response.locals` what admission sets for other requests. */
export function admitStreams({ monitoring, isStopping }: Pick<Services, 'monitoring' | 'isStopping'>): RequestHandler {
  let open = 0;
  const ofViewers = new Map<string, number>();
  monitoring.gauge('runboard_live_streams', 'Open streams of GET /v1/live', () => open);
  monitoring.gauge('runboard_live_streams_max', 'How many there may be', () => PLACES);
  return (request, response, next) => {
    if (isStopping?.()) throw new ApiError('busy', 'the service is ending: come again in a moment');
    if (open >= PLACES) throw new ApiError('busy', `${PLACES} streams are open already: come again later`);
    open += 1;
    const gone = new AbortController();
    response.locals.gone = gone.signal;
    response.locals.arrived = () => {};
    response.locals.enter = ({ orgId, tokenId }) => {
      // a Grafana has one token for many people
      const { 'x-runboard-viewer-kind': kind, 'x-runboard-viewer-email': email } = request.headers;
      const viewer = JSON.stringify([orgId, tokenId, kind, email]);
      const before = ofViewers.get(viewer) ?? 0;
      if (before >= PLACES_OF_VIEWER) {
        throw new ApiError('busy', `${PLACES_OF_VIEWER} streams of this viewer are open already: close one of them`);
      }
      ofViewers.set(viewer, before + 1);
      response.once('close', () => {
        const left = ofViewers.get(viewer)! - 1;
        if (left > 0) ofViewers.set(viewer, left);
        else ofViewers.delete(viewer);
      });
    };
    response.once('close', () => {
      open -= 1;
      gone.abort(new ApiError('busy', 'the caller went away'));
    });
    next();
  };
}
