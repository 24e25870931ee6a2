import { z } from 'zod';
import { costListParameters } from '../../contract/costs.js';
import { itemId } from '../../contract/values.js';
import type { Operation } from '../operation.js';

const costs = {
  workItemId: 'MIN-123',
  totalCost: 2.47,
  totalTokens: 184_210,
  sessions: [{ id: 's-1', stage: 'implementation', model: 'claude-sonnet-4-5', cost: 2.47, tokens: 184_210 }],
  byModel: { 'claude-sonnet-4-5': 2.47 },
};
const period = {
  from: 1_769_900_400_000,
  to: 1_769_943_600_000,
  cost: 41.3,
  tokens: 9_120_000,
  runs: 118,
  coverage: 0.99,
};
const list = {
  items: [{ workItemId: 'MIN-123', totalCost: 2.47, tokenCount: 184_210, sessions: 1, runs: 4 }],
  next: null,
};

const ofItem = {
  method: 'get',
  tag: 'Asking',
  summary: 'What a work item cost',
  scope: 'read',
  answers: {
    200: {
      description: 'Cost and tokens: of all, by session and by model. Of an item that nothing ran for, 0.',
      content: { 'application/json': { schema: 'WorkItemCosts', examples: { item: { value: costs } } } },
    },
  },
  problems: ['invalid_request'],
} as const;

export const costOperations: readonly Operation[] = [
  {
    ...ofItem,
    path: '/v1/work-items/{id}/costs',
    id: 'workItemCosts',
    description: 'In its whole life, over the runs that the viewer sees. Encode a `/` in the id as `%2F`.',
    parameters: [
      { name: 'id', in: 'path', description: 'the work item', schema: itemId, required: true, example: 'W-1' },
    ],
  },
  {
    ...ofItem,
    path: '/v1/work-items/costs',
    id: 'workItemCostsOf',
    description: 'The same, with an id that does not fit into a path.',
    parameters: [
      { name: 'id', in: 'query', description: 'the work item', schema: itemId, required: true, example: 'W-1' },
    ],
  },
  {
    method: 'get',
    path: '/v1/costs/summary',
    id: 'costSummary',
    tag: 'Asking',
    summary: 'What today, this week and this month cost',
    description: "So far, each from its beginning in the organization's zone.",
    scope: 'read',
    answers: {
      200: {
        description: 'Cost, tokens, runs, and of how many the cost is known.',
        content: {
          'application/json': {
            schema: 'CostSummary',
            examples: { summary: { value: { today: period, week: period, month: period } } },
          },
        },
      },
    },
    problems: [],
  },
  {
    method: 'get',
    path: '/v1/costs/by-work-item',
    id: 'costsByWorkItem',
    tag: 'Asking',
    summary: 'What work items cost, the dearest first',
    description: 'Of a window, by default the last 30 days.',
    scope: 'read',
    parameters: [
      { name: 'from', in: 'query', description: 'epoch ms', schema: z.int() },
      { name: 'to', in: 'query', description: 'epoch ms; by default now', schema: z.int() },
      {
        name: 'limit',
        in: 'query',
        description: 'most items, by default 100',
        schema: costListParameters.shape.limit,
        example: 10,
      },
      { name: 'cursor', in: 'query', description: 'what `next` of the page before says', schema: z.string() },
    ],
    answers: {
      200: {
        description: 'A page of work items.',
        content: { 'application/json': { schema: 'CostsByWorkItem', examples: { page: { value: list } } } },
      },
    },
    problems: ['invalid_request'],
  },
];
