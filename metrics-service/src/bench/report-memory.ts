/** Loaded before a command that runs in its own process: reports its memory to the benchmark. */
setInterval(() => process.send!(process.memoryUsage.rss()), 20).unref();
