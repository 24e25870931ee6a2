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
    kind: [4, 'text'],
    aliases: [5, 'jsonb'],
    // that there is such a user: of whom the directory says nothing else, it knows
    known: [6, {}],
  },
  derived: {},
  moments: [],
  belongsTo: [],
  person: 'user_id',
  events: {
    upserted: { known: {}, email: 'email', name: 'name', role: 'role', team: 'team', kind: 'kind', aliases: 'aliases' },
  },
});
