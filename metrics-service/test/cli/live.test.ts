import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { begin, runboard, type Begun } from '../support/command.js';
import { testService, type TestService } from '../support/service.js';

let service: TestService;
let environment: Record<string, string>;
const at = (minutesAgo: number): string => new Date(Date.now() - minutesAgo * 60_000).toISOString();

let events = 0;
const send = (type: string, data: object): Promise<unknown> => {
  events += 1;
  const event = { specversion: '1.0', source: 'platform', id: `e${events}`, type, data };
  return service.accept(service.token, [event]);
};

beforeAll(async () => {
  service = await testService();
  environment = { DATABASE_URL: service.url };
  await send('run.queued', { runId: 'waits', sessionId: 's', queuedAt: at(3), agent: 'opal' });
  await send('run.started', { runId: 'works', sessionId: 's', startedAt: at(30), agent: 'ruby', role: 'builder' });
  await send('run.progressed', { runId: 'works', at: at(1), phase: 'edit', step: 3, steps: 7 });
  // a dollar in the last ten minutes: six an hour
  const usage = { inputTokens: 1, outputTokens: 1 };
  await send('llm_call.recorded', {
    callId: 'c',
    runId: 'works',
    sessionId: 's',
    at: at(1),
    model: 'm',
    usage,
    costUsd: '1',
  });
  // 20 runs that cost 1.2 in 10 minutes each say what one of their model usually costs
  for (let n = 0; n < 20; n += 1) {
    await send('run.started', { runId: `k${n}`, sessionId: 'k', startedAt: at(2_000 + n), model: 'mystery' });
    await send('run.completed', { runId: `k${n}`, completedAt: at(1_990 + n), status: 'SUCCEEDED', costUsd: '1.2' });
  }
  await send('run.started', { runId: 'guessed', sessionId: 's', startedAt: at(5), model: 'mystery', agent: 'onyx' });
  await send('run.started', { runId: 'hangs', sessionId: 's', startedAt: at(40), agent: 'jade' });
});
afterAll(() => service.stop());

/** Waits for a line, for ten seconds at most. */
async function line({ sofar }: Begun, pattern: RegExp): Promise<void> {
  for (let tries = 0; tries < 200 && !pattern.test(sofar.stdout); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(sofar.stdout).toMatch(pattern);
}

async function end({ child, end: ended }: Begun): Promise<number | null> {
  child.kill('SIGINT');
  return (await ended).code;
}

describe('runboard live', () => {
  it('shows what is going on once, or as JSON', async () => {
    const { code, stdout } = await runboard(['live', '--once'], environment);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^acme +20\d\d-.*UTC\nQueued runs: 1 +Runs in flight: 3 +Stuck runs: 1 +Burn per hour: \$6\.00 +Highest context use: –\nnote: 1 cost is estimated.*\n\nRun /,
    );
    expect(stdout).toMatch(/^works +Running +30m.* ruby +builder .* edit +3 of 7/m);
    expect(stdout).toMatch(/^hangs +Stuck +40m/m);
    expect(stdout).toMatch(/^guessed .* ~\$0\.6\d(?: |$)/m);
    expect(stdout).toMatch(/^works .* \$1\.00(?: |$)/m);
    const json = await runboard(['live', '--once', '--json', '--filter', 'role=builder'], environment);
    expect(JSON.parse(json.stdout)).toMatchObject({ run: 'works', state: 'running', agent: 'ruby', step: 3, steps: 7 });
    expect((await runboard(['live', '--filter', 'tool=Bash'], environment)).code).toBe(2);
  });

  it('in a pipe it says a line for each run that changes, until it is stopped', async () => {
    const following = begin(['live', '--filter', 'role=builder'], environment);
    await line(following, /^works {2}Running {2}ruby {2}edit {2}3 of 7 {2}\$1\.00 {2}\(29m.* in\)$/m);
    await send('run.progressed', { runId: 'works', at: at(0), step: 4 });
    await line(following, /^works {2}Running {2}ruby {2}edit {2}4 of 7/m);
    await send('run.completed', { runId: 'works', completedAt: at(0), status: 'SUCCEEDED' });
    await line(following, /^works {2}ended: Succeeded \(/m);
    expect(await end(following)).toBe(0);
    // a look at which nothing changed says nothing
    expect(following.sofar.stdout.trim().split('\n')).toHaveLength(3);
  });
});

it('runboard runs show says of a run that goes on what runboard live does', async () => {
  const shown = async (run: string) => (await runboard(['runs', 'show', run], environment)).stdout;
  expect(await shown('hangs')).toMatch(/^Now\n {2}State +Stuck\n {2}Last sign of life +20/m);
  expect(await shown('waits')).toMatch(/^ {2}State +Queued$/m);
  expect(await shown('k1')).not.toContain('State');
  const json = await runboard(['runs', 'show', 'hangs', '--json'], environment);
  expect(JSON.parse(json.stdout)).toMatchObject({ run: { status: 'IN_FLIGHT' }, now: { state: 'stuck', step: null } });
});

describe('runboard runs --watch', () => {
  it('says a line for each run that is new or changes', async () => {
    const following = begin(['runs', '--watch', '--last', '24h'], environment);
    await line(following, /^hangs .* IN_FLIGHT/m);
    await send('run.completed', { runId: 'hangs', completedAt: at(0), status: 'FAILED', errorSummary: 'it broke' });
    await line(following, /^hangs .* FAILED .* it broke$/m);
    expect(await end(following)).toBe(0);
  });
});
