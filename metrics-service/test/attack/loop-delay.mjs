import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Loaded before the service: tells whoever started it for how long its event loop was held, in ms, and its memory. */
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let mostBytes = 0;
setInterval(() => (mostBytes = Math.max(mostBytes, process.memoryUsage.rss())), 20).unref();
process.on('message', () => {
  process.send({ longestMs: delay.max / 1e6, p99Ms: delay.percentile(99) / 1e6, mostBytes });
  delay.reset();
  mostBytes = 0;
});
process.channel.unref();
