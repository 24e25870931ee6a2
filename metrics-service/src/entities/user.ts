import { entity } from './entity.js';

export const user = entity('user', {
  table: 'users',
  id: 'userId',
  plural: 'users',
  fields: {
    email: [0, 'text'],
    name: [1, 'text'],
    role: [2, 'text'],
    team: [3, 'text'],
  },
  derived: {},
  moments: [],
  belongsTo: [],
  person: 'user_id',
  events: {
    upserted: { email: 'email', name: 'name', role: 'role', team: 'team' },
  },
});
