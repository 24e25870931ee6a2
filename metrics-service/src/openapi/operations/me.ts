import { z } from 'zod';
import type { Operation } from '../operation.js';

const me = {
  version: '0.1.0',
  organization: { id: 'acme', name: 'Acme Inc.', timezone: 'Europe/Berlin' },
  token: { id: 'cce1c060d4b2', name: 'ci', scopes: ['ingest', 'read'] },
  viewer: null,
  sees: 'organization',
  reason: null,
  says: 'The token asks for itself: all of the organization is seen.',
};

const forViewer = {
  ...me,
  token: null,
  viewer: { kind: 'user', user: { id: 'u-ada', name: 'Ada', role: 'member', team: 'core' } },
  sees: 'team',
  reason: "only your team's sessions and runs are shown (core)",
  says: "You are Ada (u-ada), member, team core: only your team's sessions and runs are shown (core).",
};

export const readMe: Operation = {
  method: 'get',
  path: '/v1/me',
  id: 'me',
  tag: 'Asking',
  summary: 'Whose token this is',
  description: 'The organization and the scopes of the token, for whom it asks, and what they see.',
  scope: 'any',
  parameters: [
    {
      name: 'data',
      in: 'query',
      description: 'Whether `says` also tells how much data is seen, and how old it is.',
      schema: z.enum(['true', 'false']),
      example: 'true',
    },
  ],
  answers: {
    200: {
      description: 'Organization, token, viewer, and what is seen.',
      content: {
        'application/json': {
          schema: 'Me',
          examples: {
            me: { summary: 'for itself', value: me },
            viewer: { summary: 'for a viewer', value: forViewer },
          },
        },
      },
    },
  },
  problems: [],
};
