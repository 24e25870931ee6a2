import { Stop } from './say.mjs';

const LEAST = [20, 19];

/** Refuses a Node.js that is too old, before anything that needs a newer one is loaded. */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) return;
  throw new Stop(`Runboard needs Node.js ${LEAST.join('.')} or newer; this is ${version}. See https://nodejs.org`);
}
