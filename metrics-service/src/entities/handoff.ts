import { entity } from './entity.js';

export const handoff = entity({
  table: 'handoffs',
  idColumn: 'handoff_id',
  fields: {
    session_id: [0, 'text'],
    user_id: [1, 'text'],
    occurred_at: [2, 'timestamptz'],
    method: [3, 'text'],
  },
  derived: { hidden: 'boolean' },
});
