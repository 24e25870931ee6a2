import { z } from 'zod';
import { BADGE_SECONDS, badgeOf, badgeSvg, NO_BADGE } from '../../presentation/badge.js';
import type { Contents, Operation } from '../operation.js';

const ofItem = {
  method: 'get',
  tag: 'Asking',
  summary: 'What a work item cost, as a badge',
  description:
    'The token in the path, made by `runboard work-item badge`, opens this and nothing else. The cost is that of the whole ' +
    'life, over all runs: green below $5, yellow below $20, orange below $50, red from $50; grey where it is unknown.',
  scope: null,
  parameters: [
    {
      name: 'badgeToken',
      in: 'path',
      description: 'the token of the badge: rbb_ and 27 characters',
      schema: z.string(),
      required: true,
      example: `rbb_${'A'.repeat(27)}`,
    },
  ],
  problems: ['rate_limited', 'busy', 'database_unavailable'],
} as const;

function answers(good: Contents, none: Contents): Operation['answers'] {
  const headers = {
    'Cache-Control': { description: 'how long it may be kept', example: `public, max-age=${BADGE_SECONDS}` },
  };
  return {
    200: { description: 'The badge.', headers, content: good },
    404: { description: 'A grey badge: the token is unknown, expired or revoked.', headers, content: none },
  };
}

function picture(value: string): Contents {
  return { 'image/svg+xml': { schema: { type: 'string' }, examples: { badge: { value } } } };
}

function endpoint(value: unknown): Contents {
  return { 'application/json': { schema: 'Badge', examples: { badge: { value } } } };
}

const example = badgeOf(2.47);

export const badgeOperations: readonly Operation[] = [
  {
    ...ofItem,
    path: '/v1/badges/{badgeToken}.svg',
    id: 'badgePicture',
    answers: answers(picture(badgeSvg(example)), picture(badgeSvg(NO_BADGE))),
  },
  {
    ...ofItem,
    path: '/v1/badges/{badgeToken}.json',
    id: 'badgeEndpoint',
    summary: 'The same for the endpoint badge of shields.io',
    answers: answers(endpoint(example), endpoint(NO_BADGE)),
  },
];
