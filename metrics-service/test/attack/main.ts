import { Argument, Command } from 'commander';
import { attackGrafana } from './grafana.js';
import { attackWithBodies } from './large-bodies.js';
import { attackRoutes } from './routes.js';
import { startAttacked, type AttackedService } from './service.js';

const PARTS = ['routes', 'bodies', 'grafana'] as const;
/** What docs/operating.md promises of one request, and of ten at once. */
const LONGEST_MS = 50;
const OTHERS_P95_MS = 200;
/** Who is refused for asking too often finds nothing. */
const UNLIMITED = {
  RUNBOARD_RATE_LIMIT_BAD_TOKENS: '0',
  RUNBOARD_RATE_LIMIT_PER_TOKEN: '0',
  RUNBOARD_RATE_LIMIT_PER_ADDRESS: '0',
};

interface Flags {
  only: string;
  requests: number;
  seed: number;
}

await new Command('npm run attack --')
  .description('attack a service of its own, and tell what it should not have done')
  .addArgument(new Argument('[part...]', 'with what (default: all)').choices(PARTS))
  .option('--requests <count>', 'hostile requests to the routes', Number, 10_000)
  .option('--seed <number>', 'of these requests', Number, Date.now() % 1_000_000)
  .option('--only <words>', 'of the bodies only what has these words in its name', '')
  .addHelpText('after', '\nExample:\n  npm run attack -- bodies --only nested')
  .action(async (asked: (typeof PARTS)[number][], { only, ...options }: Flags) => {
    const parts = asked.length > 0 ? asked : PARTS;
    let findings = 0;
    if (parts.includes('grafana')) findings += await grafana();
    const service = await startAttacked(UNLIMITED);
    try {
      if (parts.includes('routes')) findings += await routes(service, options);
      if (parts.includes('bodies')) findings += await bodies(only);
    } finally {
      await service.stop();
    }
    process.stdout.write(findings === 0 ? 'Nothing was found.\n' : `${findings} findings.\n`);
    process.exitCode = findings > 0 ? 1 : 0;

    async function bodies(only: string): Promise<number> {
      let found = 0;
      for await (const { name, bytes, status, answerMs, longestMs, othersP95Ms } of attackWithBodies(service, only)) {
        const isHeld = longestMs > LONGEST_MS || othersP95Ms > OTHERS_P95_MS;
        found += Number(isHeld);
        const figures = [
          `${(bytes / 1024 / 1024).toFixed(1)} MiB`,
          String(status),
          `answered in ${answerMs.toFixed(0)} ms`,
          `loop held ${longestMs.toFixed(0)} ms`,
          `others' p95 ${othersP95Ms.toFixed(0)} ms`,
          isHeld ? 'TOO LONG' : '',
        ];
        process.stdout.write(`${name.padEnd(48)} ${figures.join(', ')}\n`);
      }
      return found;
    }
  })
  .parseAsync();

async function routes(service: AttackedService, options: Pick<Flags, 'requests' | 'seed'>): Promise<number> {
  const known = new Map<string, Promise<string>>();
  const token = async (orgId: string, scopes: string[]): Promise<string> => {
    if (known.has(orgId)) return service.token(orgId, ...scopes);
    const made = service.organization(orgId, ...scopes);
    known.set(orgId, made);
    return made;
  };
  const report = await attackRoutes({ url: service.url, token }, options);
  const statuses = Object.entries(report.statuses).map(([status, count]) => `${status}: ${count}`);
  process.stdout.write(
    `${report.requests} requests to ${report.routes} routes, seed ${options.seed}: ${statuses.join(', ')}; ` +
      `the longest took ${report.longestMs.toFixed(0)} ms\n`,
  );
  for (const line of report.findings) process.stdout.write(`${line}\n`);
  return report.findings.length;
}

async function grafana(): Promise<number> {
  const home = process.env.GRAFANA_HOME;
  if (!home) {
    process.stdout.write('Without GRAFANA_HOME no Grafana is attacked.\n');
    return 0;
  }
  const found = await attackGrafana(home);
  for (const line of found) process.stdout.write(`${line}\n`);
  return found.length;
}
