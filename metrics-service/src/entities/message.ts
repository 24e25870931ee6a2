import { entity } from './entity.js';

export const message = entity({
  table: 'messages',
  idColumn: 'message_id',
  fields: {
    session_id: [0, 'text'],
    role: [1, 'text'],
    sent_at: [2, 'timestamptz'],
    user_id: [3, 'text'],
    text: [4, 'text'],
  },
  derived: { hidden: 'boolean' },
});
