import './typescript.mjs';

// a service's dealings with its data folder, in a process that tests may kill: prints a line of JSON for each
const [dataDir, options = '{}'] = process.argv.slice(2);
const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

// ends with the tests, however they end
process.stdin.on('end', () => process.exit(1)).resume();

const { lockDataFolder, makeDataFolder } = await import('../../src/data-folder.ts');
const { startEmbedded } = await import('../../src/db/embedded/index.ts');
try {
  await makeDataFolder(dataDir);
  const lock = await lockDataFolder(dataDir);
  const embedded = await startEmbedded({ ...JSON.parse(options), dataDir, onCrash: () => tell({ crashed: true }) });
  process.once('SIGTERM', async () => {
    await embedded.stop();
    await lock.release();
    process.exit();
  });
  tell({ url: embedded.ownerUrl, serviceUrl: embedded.serviceUrl });
} catch (error) {
  tell({ failure: error.message, name: error.name });
  process.exit(1);
}
