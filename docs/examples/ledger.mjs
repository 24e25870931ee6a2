// What a platform with a work ledger tells Runboard, with three made-up convoys. A convoy is what ships together, a bead a
// piece of work in it, a molecule the steps that make it: work items, each part of the one above. Agents take the steps.
const { RUNBOARD_URL = 'http://127.0.0.1:8080', RUNBOARD_TOKEN } = process.env;
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const TODAY = Math.floor(Date.now() / DAY) * DAY;
const iso = (ms) => new Date(ms).toISOString();

const PLANNER = { agent: 'mayor', role: 'planner', model: 'claude-opus-4-5' };
const REVIEWER = { agent: 'refinery', role: 'reviewer', model: 'claude-sonnet-4-5' };
const BUILDERS = [
  { agent: 'ruby', role: 'builder', model: 'claude-opus-4-5' },
  { agent: 'opal', role: 'builder', model: 'claude-sonnet-4-5' },
  { agent: 'jade', role: 'builder', model: 'claude-haiku-4-5' },
];
/** Of each builder's beads a review sends back the first, and from there every 12th, third, second. */
const SENT_BACK = { ruby: 12, opal: 3, jade: 2 };

const events = [];
/** A line of the ledger. Its id says what happened to what and when: one that is sent twice counts once. */
function tell(type, about, at, data) {
  events.push({ specversion: '1.0', source: 'ledger', id: `${type} ${about} ${iso(at)}`, type, time: iso(at), data });
}
const open = (workItemId, type, parentId, at) =>
  tell('work_item.upserted', workItemId, at, { workItemId, type, parentId, project: 'ledger', createdAt: iso(at) });
const close = (workItemId, at, quality) =>
  tell('work_item.closed', workItemId, at, { workItemId, closedAt: iso(at), quality });

/** An agent works on a step, again while its tests fail; answers when it is done, and its last run. */
function work(step, round, start, { model, ...who }, { stage, minutes, failures = 0 }) {
  const [sessionId, of] = [`${step}/${round}`, { repo: 'acme/ledger', runtime: 'polecat', workItemId: step, stage }];
  tell('session.created', sessionId, start, { sessionId, createdAt: iso(start), createdByUserId: 'overseer', ...of });
  for (let attempt = 0, at = start; ; attempt += 1) {
    const runId = `${sessionId}/${attempt}`;
    const run = { runId, sessionId, startedAt: iso(at), model, ...who, workflow: 'molecule', taskType: stage };
    tell('run.started', runId, at, run);
    at += minutes * MINUTE;
    const end = attempt < failures ? { status: 'FAILED', failureCategory: 'test_failure' } : { status: 'SUCCEEDED' };
    const usage = [{ model, inputTokens: minutes * 9e3, outputTokens: minutes * 700, cacheReadTokens: minutes * 7e3 }];
    tell('run.completed', runId, at, { runId, completedAt: iso(at), ...end, usage });
    if (attempt === failures) return { at, runId };
  }
}

/** A bead: it is designed, then implemented and reviewed until the review passes. A second time back calls a person. */
function molecule(bead, convoy, number, start) {
  const [builder, nth] = [BUILDERS[number % 3], Math.floor(number / 3)];
  const rounds = nth % SENT_BACK[builder.agent] > 0 ? 1 : nth % 4 > 0 ? 2 : 3;
  const [design, implement, review] = ['design', 'implement', 'review'].map((step) => `${bead}/${step}`);
  open(bead, 'bead', convoy, start);
  for (const step of [design, implement, review]) open(step, 'step', bead, start);
  let { at } = work(design, 1, start, PLANNER, { stage: 'design', minutes: 5 + (number % 4) });
  close(design, at);
  for (let round = 1; round <= rounds; round += 1) {
    const effort = { minutes: 12 + (number % 7) * 3, failures: round === 1 && number % 5 === 0 ? 1 : 0 };
    const { at: built, runId } = work(implement, round, at, builder, { stage: 'implement', ...effort });
    at = work(review, round, built, REVIEWER, { stage: 'review', minutes: 4 }).at;
    if (round === rounds) break;
    tell('work_item.reviewed', implement, at, { workItemId: implement, at: iso(at), quality: 'rework_requested' });
    if (round === 1) continue;
    const call = { escalationId: `${runId}/help`, severity: 'high', category: 'rework', workItemId: implement, runId };
    tell('escalation.recorded', runId, at, { ...call, occurredAt: iso(at) });
    at += 2 * HOUR;
    tell('escalation.resolved', runId, at, { escalationId: call.escalationId, at: iso(at) });
  }
  close(implement, at, 'passed');
  for (const done of [review, bead]) close(done, at);
  return at;
}

for (let number = 0; number < 36; number += 1) {
  const start = TODAY - 27 * DAY + number * 18 * HOUR;
  const convoy = `${iso(TODAY).slice(0, 10)} ${['checkout', 'search', 'sign-in'][Math.floor(number / 12)]}`;
  if (number % 12 === 0) open(convoy, 'convoy', null, start);
  const end = molecule(`${convoy} ${number + 1}`, convoy, number, start);
  if (number % 12 === 11) close(convoy, end);
}
const headers = { authorization: `Bearer ${RUNBOARD_TOKEN}`, 'content-type': 'application/json' };
const answer = await fetch(`${RUNBOARD_URL}/v1/events`, { method: 'POST', headers, body: JSON.stringify(events) });
console.log(await answer.text());
