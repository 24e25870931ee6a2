import { entity } from './entity.js';

export const budget = entity('budget', {
  table: 'budgets',
  id: 'budgetId',
  plural: 'budgets',
  fields: {
    limit: [0, { name: 'text', limit_nanos: 'bigint', period: 'text', filters: 'jsonb', thresholds: 'jsonb' }],
    deleted: [1, {}],
  },
  derived: { deleted: 'boolean' },
  // it holds until it is changed
  moments: [],
  belongsTo: [],
  events: {
    set: {
      limit: {
        name: 'name',
        limit_nanos: 'limitUsd',
        period: 'period',
        filters: 'filters',
        thresholds: 'thresholds',
      },
    },
    deleted: { deleted: {} },
  },
});
