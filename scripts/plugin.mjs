import { buildPlugin } from './lib/build.mjs';
import { main } from './lib/run.mjs';

// plugin/dist brought up to date with plugin/; `runboard start` calls it for the Grafana that it starts
main(buildPlugin);
