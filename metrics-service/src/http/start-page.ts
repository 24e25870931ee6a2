import { createHash } from 'node:crypto';
import { Router } from 'express';
import helmet from 'helmet';
import { ApiError } from '../contract/problem.js';
import { VERSION } from '../version.js';
import { checkReady } from './health.js';
import type { Services } from './services.js';

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 44rem; margin: 10vh auto; padding: 0 1.5rem; }
  dt { font-weight: 600; }
  dd { margin: 0 0 1rem; overflow-wrap: anywhere; }
`;

const contentSecurityPolicy = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    styleSrc: [`'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
});

/** `GET /`: for whoever opens the service's address in a browser: what this is, how it is, and where the boards are. */
export function startPageRoute(services: Services): Router {
  const router = Router();
  router.get('/', contentSecurityPolicy, async (_request, response) => {
    const trouble = await troubleOf(services);
    response.type('html').send(page(trouble, services.boards.url ?? services.config.boardsUrl ?? null));
  });
  return router;
}

async function troubleOf(services: Services): Promise<string | null> {
  try {
    await checkReady(services);
    return null;
  } catch (error) {
    return error instanceof ApiError ? error.message : 'it cannot serve: its log says why';
  }
}

function page(trouble: string | null, boards: string | null): string {
  const state = trouble === null ? 'Ready: it takes events and answers questions.' : `Not ready: ${escaped(trouble)}`;
  const where =
    boards === null
      ? 'In your Grafana, under Dashboards, in the folder Runboard, once it has the plugin and this address as a data source.'
      : `<a href="${escaped(boards)}">${escaped(boards)}</a>`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Runboard</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <main>
      <h1>Runboard</h1>
      <p>Metrics for coding agents, in Grafana. This is its metrics service: agents report to it, and Grafana asks it.</p>
      <dl>
        <dt>Boards</dt>
        <dd>${where}</dd>
        <dt>State</dt>
        <dd>${state}</dd>
        <dt>Version</dt>
        <dd>${escaped(VERSION)}</dd>
        <dt>API</dt>
        <dd><a href="/docs">To read and try</a>, and as a file: <a href="/openapi.json">openapi.json</a></dd>
        <dt>For machines</dt>
        <dd><a href="/health">/health</a>, <a href="/ready">/ready</a>, <a href="/metrics">/metrics</a></dd>
      </dl>
    </main>
  </body>
</html>
`;
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character]!);
}
