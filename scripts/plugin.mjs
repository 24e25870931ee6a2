import { buildPlugin } from './lib/plugin.mjs';
import { main } from './lib/say.mjs';

// plugin/dist brought up to date with plugin/; `runboard start` calls it for the Grafana that it starts
main(buildPlugin);
