import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataFolder } from '../support/command.js';
import { Random } from '../support/random.js';
import { audit, type Door } from './audit.js';
import { compareEngine, keepAllSums } from './engine.js';
import { FAULTS, type Tokens } from './faults.js';
import { Ledger } from './ledger.js';
import { type Receiver, sendUntil, type Traffic } from './sender.js';
import { KILLS, Stack } from './stack.js';
import { auditTelemetry, sendTelemetryUntil, TelemetryLedger } from './telemetry.js';

/** The oracle is slow in large worlds: events are spread over so many that each has those of this many kills. */
const KILLS_PER_ORGANIZATION = 25;
const LONGEST_CALM_MS = 2_500;

export interface ChaosOptions {
  kills: number;
  senders: number;
  seed: number;
  onKill?: (done: number) => void;
  /** once it is aborted nothing more is killed; what there is is compared */
  signal?: AbortSignal;
}

export interface ChaosReport {
  seed: number;
  /** how often what was killed with -9 */
  kills: Record<string, number>;
  /** how often what else was done to it */
  faults: Record<string, number>;
  /** from a kill to the next 200 of /ready, where it was waited for */
  recoveryMs: { median: number; most: number };
  /** answers after a kill that came from sums, each compared with the one from the rows */
  fromSums: number;
  /** the service ended though nobody had killed it, and was started again */
  endedByItself: number;
  organizations: number;
  acknowledged: number;
  /** model calls, by OTLP */
  acknowledgedCalls: number;
  rejected: number;
  duplicates: number;
  traffic: Traffic;
  differences: string[];
  /** kept because something differs */
  dataDir: string | null;
}

/**
 * Keeps sending events to a real service on a real PostgreSQL, kills them with -9 at random moments, lets them come
 * back, and in the end compares what was acknowledged with what is there.
 */
export async function chaos({ kills, senders, seed, onKill, signal }: ChaosOptions): Promise<ChaosReport> {
  const random = new Random(seed);
  const folder = await dataFolder();
  const stack = new Stack(folder.path, await freePort());
  const giveUp = new AbortController();
  stack.start();
  try {
    await stack.ready();
    const receivers = await organizations(stack, Math.max(2, Math.ceil(kills / KILLS_PER_ORGANIZATION)), random);
    const telemetry = {
      url: () => stack.url,
      token: await organization(stack, 'chaos-telemetry'),
      ledger: new TelemetryLedger(fork(random), 'chaos-telemetry'),
    };
    // whose events nobody counts
    const attacker = await organization(stack, 'chaos-attacker');
    const traffic: Traffic = { requests: 0, answers: {} };
    let isOver = false;
    const sending = Promise.all([
      ...Array.from({ length: senders }, () =>
        sendUntil(() => isOver, receivers, { random: fork(random), traffic, givenUp: giveUp.signal }),
      ),
      sendTelemetryUntil(() => isOver, telemetry, { random: fork(random), givenUp: giveUp.signal }),
    ]);
    // whatever happens to the senders, it is met below
    sending.catch(() => {});
    const disturbed: Disturbed = { faults: {}, wrong: [] };
    let fromSums = 0;
    const compare = async (): Promise<void> => {
      const { orgId } = random.pick(receivers).ledger;
      const compared = await compareEngine(await stack.databaseUrl(), orgId, random);
      fromSums += compared.fromSums;
      disturbed.wrong.push(...compared.differences);
    };
    const { killed, recoveriesMs } = await killRepeatedly(
      stack,
      { kills, random, onKill, signal },
      {
        onceReady: compare,
        betweenKills: async () => disturb(stack, { receivers, attacker }, random, disturbed),
      },
    ).finally(() => (isOver = true));
    await stack.ready();
    await sending;
    const differences = disturbed.wrong;
    for (const { ledger, token } of receivers) {
      differences.push(...(await audit(ledger, await doorOf(stack, ledger.orgId, token))));
    }
    differences.push(
      ...(await auditTelemetry(telemetry.ledger, await doorOf(stack, telemetry.ledger.orgId, telemetry.token))),
    );
    const sum = (of: (ledger: Ledger) => number): number => receivers.reduce((all, { ledger }) => all + of(ledger), 0);
    const report: ChaosReport = {
      seed,
      kills: killed,
      faults: disturbed.faults,
      recoveryMs: { median: recoveriesMs[Math.floor(recoveriesMs.length / 2)] ?? 0, most: recoveriesMs.at(-1) ?? 0 },
      fromSums,
      endedByItself: stack.endedByItself,
      organizations: receivers.length,
      acknowledged: sum((ledger) => ledger.acknowledged.length),
      acknowledgedCalls: telemetry.ledger.acknowledged.size,
      rejected: sum((ledger) => [...ledger.rejected.values()].reduce((all, one) => all + one.acknowledged, 0)),
      duplicates: sum((ledger) => ledger.duplicates),
      traffic,
      differences,
      dataDir: differences.length > 0 ? folder.path : null,
    };
    await stack.stop();
    if (report.dataDir === null) await folder.remove();
    return report;
  } finally {
    giveUp.abort();
    await stack.stop();
  }
}

async function killRepeatedly(
  stack: Stack,
  { kills, random, onKill, signal }: Pick<ChaosOptions, 'kills' | 'onKill' | 'signal'> & { random: Random },
  { onceReady, betweenKills }: { onceReady: () => Promise<void>; betweenKills: () => Promise<void> },
): Promise<{ killed: Record<string, number>; recoveriesMs: number[] }> {
  const killed: Record<string, number> = {};
  const recoveriesMs: number[] = [];
  for (let done = 1; done <= kills && !signal?.aborted; done += 1) {
    await sleep(random.integer(0, LONGEST_CALM_MS));
    const what = await stack.kill(random.pick(KILLS), random);
    killed[what] = (killed[what] ?? 0) + 1;
    // sometimes the next one comes while it is still on its way back
    if (random.chance(0.75)) {
      recoveriesMs.push(await stack.ready());
      await onceReady();
      if (random.chance(0.3)) await betweenKills();
    }
    onKill?.(done);
  }
  return { killed, recoveriesMs: recoveriesMs.sort((a, b) => a - b) };
}

interface Disturbed {
  faults: Record<string, number>;
  wrong: string[];
}

async function disturb(stack: Stack, tokens: Tokens, random: Random, { faults, wrong }: Disturbed) {
  const [name, fault] = random.pick(Object.entries(FAULTS));
  faults[name] = (faults[name] ?? 0) + 1;
  wrong.push(...(await fault(stack, tokens, random)));
}

async function organizations(stack: Stack, count: number, random: Random): Promise<Receiver[]> {
  const receivers: Receiver[] = [];
  for (let number = 1; number <= count; number += 1) {
    const orgId = `chaos-${number}`;
    const token = await organization(stack, orgId);
    await keepAllSums(await stack.databaseUrl(), orgId);
    receivers.push({ url: () => stack.url, token, ledger: new Ledger(fork(random), orgId) });
  }
  return receivers;
}

/** Makes one; answers a token of it. */
async function organization(stack: Stack, orgId: string): Promise<string> {
  await stack.command('org', 'create', orgId);
  return stack.command(
    ...[
      'token',
      'create',
      '--org',
      orgId,
      '--name',
      'chaos',
      '--scope',
      'ingest',
      '--scope',
      'read',
      '--scope',
      'directory',
    ],
  );
}

async function doorOf(stack: Stack, orgId: string, token: string): Promise<Door> {
  const rebuild = async (): Promise<void> => void (await stack.command('rebuild', '--org', orgId));
  return { databaseUrl: await stack.databaseUrl(), url: stack.url, token, rebuild };
}

/** A source of its own, so that what one sender does depends on the seed alone. */
const fork = (random: Random): Random => new Random(random.integer(0, 2 ** 31 - 1));

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
