const scaffold = require('./.config/jest.config');

// expected times are written for one zone
process.env.TZ = 'UTC';

module.exports = {
  ...scaffold,
  // the scaffold's transform, for d3's .mjs files too
  transform: { '^.+\\.m?[jt]sx?$': Object.values(scaffold.transform)[0] },
};
