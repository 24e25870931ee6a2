/** A command in a process of its own that tells the benchmark what memory it holds. */
setInterval(() => process.send!(process.memoryUsage.rss()), 20).unref();
await import('../cli/main.js');
