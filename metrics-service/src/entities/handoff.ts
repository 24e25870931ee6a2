import { entity } from './entity.js';

export const handoff = entity('handoff', {
  table: 'handoffs',
  id: 'handoffId',
  plural: 'handoffs',
  fields: {
    session_id: [0, 'text'],
    user_id: [1, 'text'],
    occurred_at: [2, 'timestamptz'],
    method: [3, 'text'],
  },
  derived: { hidden: 'boolean' },
  moments: ['occurred_at'],
  belongsTo: ['session'],
  person: 'user_id',
  events: {
    created: { session_id: 'sessionId', user_id: 'userId', occurred_at: 'occurredAt', method: 'method' },
  },
});
