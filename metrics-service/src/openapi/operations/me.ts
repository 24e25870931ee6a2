import type { Operation } from '../operation.js';

const me = {
  organization: { id: 'acme', name: 'Acme Inc.', timezone: 'Europe/Berlin' },
  token: { id: 'cce1c060d4b2', name: 'ci', scopes: ['ingest', 'read'] },
  viewer: null,
  sees: 'organization',
};

export const readMe: Operation = {
  method: 'get',
  path: '/v1/me',
  id: 'me',
  tag: 'Asking',
  summary: 'Whose token this is',
  description: 'The organization and the scopes of the token, and what can be seen with it.',
  scope: 'any',
  answers: {
    200: {
      description: 'Organization, token and what it sees.',
      content: { 'application/json': { schema: 'Me', examples: { me: { value: me } } } },
    },
  },
  problems: [],
};
