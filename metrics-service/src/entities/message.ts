import { entity } from './entity.js';

export const message = entity('message', {
  table: 'messages',
  id: 'messageId',
  plural: 'messages',
  fields: {
    session_id: [0, 'text'],
    role: [1, 'text'],
    sent_at: [2, 'timestamptz'],
    user_id: [3, 'text'],
    text: [4, 'text'],
    key: [5, 'text'],
  },
  derived: { reported_session_id: 'text', superseded: 'boolean', hidden: 'boolean' },
  moments: ['sent_at'],
  belongsTo: ['session'],
  person: 'user_id',
  events: {
    created: { session_id: 'sessionId', role: 'role', sent_at: 'sentAt', user_id: 'userId', text: 'text', key: 'key' },
  },
});
