// A made-up platform that gives tasks from a queue to three agents, and tells Runboard as it happens: who waits, who works, at
// what, and how it ended. Each eighth run hangs half-way, until the platform gives it up. Ctrl-C ends it, or RUNS runs.
const { RUNBOARD_URL = 'http://127.0.0.1:8080', RUNBOARD_TOKEN, TICK_MS = '1000', RUNS = 'Infinity' } = process.env;
const FLEET = `fleet-${Date.now()}`;
const STEPS = ['plans the change', 'reads the code', 'writes it', 'runs the tests', 'mends it', 'runs the tests again'];
const PHASES = ['plan', 'read', 'edit', 'test', 'edit', 'test'];
const AGENTS = [
  { agent: 'ruby', role: 'builder', model: 'claude-opus-4-5' },
  { agent: 'opal', role: 'builder', model: 'claude-sonnet-4-5' },
  { agent: 'jade', role: 'reviewer', model: 'claude-haiku-4-5' },
];
const [TICKS_PER_STEP, GIVEN_UP_AFTER] = [4, 900];
const now = () => new Date().toISOString();
const [queue, runs] = [[], new Map()];
let [outbox, told, queued, ended] = [[], 0, 0, 0];

const tell = (type, data) => outbox.push({ specversion: '1.0', source: FLEET, id: `${(told += 1)}`, type, data });
/** What could not be sent goes with the next: an event that is sent twice counts once. */
async function send() {
  const headers = { authorization: `Bearer ${RUNBOARD_TOKEN}`, 'content-type': 'application/json' };
  const request = { method: 'POST', headers, body: JSON.stringify(outbox) };
  const answer = await fetch(`${RUNBOARD_URL}/v1/events`, request).catch(() => null);
  if (answer?.ok) outbox = [];
  else console.error(answer ? await answer.text() : 'Runboard does not answer: trying again');
}
function enqueue() {
  const number = (queued += 1);
  const run = { runId: `${FLEET}/${number}`, sessionId: `${FLEET}/s${number}`, workflow: 'fix' };
  tell('session.created', { sessionId: run.sessionId, createdAt: now(), repo: 'acme/shop', runtime: 'fleet' });
  tell('run.queued', { ...run, queuedAt: now() });
  queue.push({ ...run, number, ticks: 0 });
}
function end({ agent }, { runId }, outcome) {
  tell('run.completed', { runId, completedAt: now(), ...outcome });
  runs.delete(agent);
  ended += 1;
}
/** An agent takes a task, goes through its steps, and says at each tick what it does and has used. */
function work(who) {
  const run = runs.get(who.agent) ?? queue.shift();
  if (!run) return;
  runs.set(who.agent, run);
  const { runId, sessionId, number } = run;
  if (run.ticks === 0) tell('run.started', { runId, sessionId, startedAt: now(), ...who });
  const step = Math.floor((run.ticks += 1) / TICKS_PER_STEP);
  if (number % 8 === 0 && step > 2) return run.ticks > GIVEN_UP_AFTER && end(who, run, { status: 'TIMEOUT' });
  const [inputTokens, outputTokens] = [30_000 * run.ticks, 400 * run.ticks];
  const usage = [{ model: who.model, inputTokens, outputTokens, cacheReadTokens: inputTokens - 9_000 }];
  const failure = { status: 'FAILED', failureCategory: 'test_failure', errorSummary: '2 of 40 tests failed' };
  if (step === STEPS.length) return end(who, run, { ...(number % 4 === 3 ? failure : { status: 'SUCCEEDED' }), usage });
  const doing = { phase: PHASES[step], activity: STEPS[step], step: step + 1, steps: STEPS.length };
  const context = { contextTokens: 7_500 * run.ticks, contextLimit: 200_000 };
  tell('run.progressed', { runId, at: now(), ...doing, usage, ...context });
}
for (let tick = 0; ended < Number(RUNS) || outbox.length > 0; tick += 1) {
  if (tick % 5 === 0 && queue.length < 3 && queued < Number(RUNS)) enqueue();
  AGENTS.forEach(work);
  await send();
  await new Promise((resolve) => setTimeout(resolve, Number(TICK_MS)));
}
