/** Loaded before a command that runs in a process of its own: tells the benchmark what memory it holds. */
setInterval(() => process.send!(process.memoryUsage.rss()), 20).unref();
