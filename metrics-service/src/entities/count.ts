import { entity } from './entity.js';

/** A number that a session reported, such as its commits. */
export const count = entity('count', {
  table: 'counts',
  id: 'countId',
  plural: 'counts',
  fields: {
    session_id: [0, 'text'],
    name: [1, 'text'],
    value: [2, 'bigint'],
    counted_at: [3, 'timestamptz'],
    user_id: [4, 'text'],
  },
  derived: { hidden: 'boolean' },
  moments: ['counted_at'],
  belongsTo: ['session'],
  person: 'user_id',
  events: {
    recorded: { session_id: 'sessionId', name: 'name', value: 'value', counted_at: 'at', user_id: 'userId' },
  },
});
