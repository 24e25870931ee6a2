import { entity } from './entity.js';

/** Two ids that may be one person's. */
export const idHint = entity('id_hint', {
  table: 'id_hints',
  id: 'idHintId',
  plural: 'idHints',
  fields: {
    user_id: [0, 'text'],
    other_id: [1, 'text'],
    seen_at: [2, 'timestamptz'],
  },
  derived: {},
  // they grow no older than the users that they are about
  moments: [],
  belongsTo: [],
  person: 'user_id',
  events: {
    recorded: { user_id: 'userId', other_id: 'otherId', seen_at: 'at' },
  },
});
