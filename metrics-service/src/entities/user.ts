import { entity } from './entity.js';

export const user = entity({
  table: 'users',
  idColumn: 'user_id',
  fields: {
    email: [0, 'text'],
    name: [1, 'text'],
    role: [2, 'text'],
    team: [3, 'text'],
  },
  derived: {},
});
