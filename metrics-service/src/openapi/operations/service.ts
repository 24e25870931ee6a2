import type { Operation } from '../operation.js';

const common = { method: 'get', tag: 'The service itself', scope: null, problems: [] } as const;

export const readStartPage: Operation = {
  ...common,
  path: '/',
  id: 'start_page',
  summary: 'What this is',
  description:
    'A page for whoever opens the address in a browser: what this is, its version and state, where the boards are.',
  answers: {
    200: {
      description: 'A page.',
      content: {
        'text/html': { schema: { type: 'string' }, examples: { shortened: { value: '<!doctype html>…' } } },
      },
    },
  },
};

export const readHealth: Operation = {
  ...common,
  path: '/health',
  id: 'health',
  summary: 'Whether the process is alive',
  description: 'It asks nothing of the database.',
  answers: {
    200: {
      description: 'Alive.',
      content: { 'application/json': { schema: 'Health', examples: { alive: { value: { status: 'ok' } } } } },
    },
  },
};

export const readReady: Operation = {
  ...common,
  path: '/ready',
  id: 'ready',
  summary: 'Whether it can serve',
  description: 'The database answers and has the migrations of this version.',
  answers: {
    200: {
      description: 'Ready.',
      content: { 'application/json': { schema: 'Ready', examples: { ready: { value: { status: 'ready' } } } } },
    },
  },
  problems: ['busy', 'database_unavailable'],
};

export const readMetrics: Operation = {
  ...common,
  path: '/metrics',
  id: 'metrics',
  summary: 'What the service says about itself',
  description: "Prometheus' text format. It names no organization, user or token.",
  answers: {
    200: {
      description: 'Metrics.',
      content: {
        'text/plain': {
          schema: { type: 'string' },
          examples: { shortened: { value: 'runboard_events_total{type="run.started",outcome="accepted"} 3\n' } },
        },
      },
    },
  },
};

export const readDocs: Operation = {
  ...common,
  path: '/docs',
  id: 'docs',
  summary: 'This description as a page',
  description: 'For people to read and try. It loads nothing from elsewhere.',
  answers: {
    200: {
      description: 'A page.',
      content: {
        'text/html': { schema: { type: 'string' }, examples: { shortened: { value: '<!doctype html>…' } } },
      },
    },
  },
};

export const readOpenApi: Operation = {
  ...common,
  path: '/openapi.json',
  id: 'openapi',
  summary: 'This description',
  description: 'OpenAPI 3.1, made from the schemas by which the service checks what it is sent.',
  answers: {
    200: {
      description: 'An OpenAPI document.',
      content: {
        'application/json': {
          schema: { type: 'object' },
          examples: {
            shortened: { value: { openapi: '3.1.0', info: { title: 'Runboard', version: '0.1.0' }, paths: {} } },
          },
        },
      },
    },
  },
};
