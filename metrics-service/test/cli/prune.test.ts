import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inProcess } from '../support/in-process.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';

const NOW = Date.parse('2026-06-30T00:00:00Z');
let service: TestService;
const runboard = inProcess(NOW, () => service.url);
const prune = (...args: string[]) => runboard('prune', ...args);
const lines = (...texts: string[]) => `${texts.join('\n')}\n`;

const event = (id: string, type: string, data: object) => ({ specversion: '1.0', id, source: 'test', type, data });
const day = (date: string): string => `2026-${date}T12:00:00Z`;
const call = (callId: string, runId: string | undefined, at: string) =>
  event(callId, 'llm_call.recorded', {
    callId,
    sessionId: 's1',
    runId,
    at,
    model: 'm',
    usage: { inputTokens: 1, outputTokens: 1 },
  });

/** s1 was left in March but for a call in June: its run r2 stays with that. s2 is of March. */
const EVENTS = [
  event('u', 'user.upserted', { userId: 'ann', team: 'core' }),
  event('s1', 'session.created', { sessionId: 's1', createdAt: day('03-01'), createdByUserId: 'ann' }),
  event('m1', 'message.created', { messageId: 'm1', sessionId: 's1', role: 'user', sentAt: day('03-01') }),
  event('r1', 'run.started', { runId: 'r1', sessionId: 's1', startedAt: day('03-01') }),
  call('c1', 'r1', day('03-02')),
  event('r2', 'run.started', { runId: 'r2', sessionId: 's1', startedAt: day('03-03') }),
  call('c2', 'r2', day('03-03')),
  call('c3', 'r2', day('06-01')),
  event('s2', 'session.created', { sessionId: 's2', createdAt: day('03-05') }),
  event('h2', 'handoff.created', { handoffId: 'h2', sessionId: 's2', occurredAt: day('03-05'), method: 'TELEPORT' }),
  event('s2-', 'session.deleted', { sessionId: 's2' }),
].map((sent) => (/^(u|s2-)$/.test(sent.id) ? { ...sent, time: day('03-06') } : sent));
const GOING = { sessions: 1, runs: 1, messages: 1, handoffs: 1, calls: 1, events: 6, deadLetters: 0 };

beforeAll(async () => {
  service = await testService();
  for (const orgId of ['vienna', 'graz']) {
    const token = await service.organization(orgId);
    const { body } = await service.request('/v1/events', { token, body: EVENTS });
    expect(body).toMatchObject({ accepted: EVENTS.length });
  }
});
afterAll(() => service.stop());

const tables = (orgId: string) => tablesOf(service.database, orgId);
const ids = async (orgId: string) => (await tables(orgId)).events!.map((row) => JSON.parse(row).id as string).sort();

describe('runboard prune', () => {
  it('only counts what is old without --yes', async () => {
    const before = await tables('vienna');
    const { out, ...rest } = await prune('--older-than', '60d', '--org', 'vienna');
    expect(rest).toEqual({ code: 0, message: '', err: '' });
    // more kinds of things may stand between
    expect(out.replace(/ +/g, ' ')).toMatch(
      new RegExp(
        lines(
          '^without events since 2026-05-01T00:00:00.000Z:',
          'organization sessions runs messages handoffs .*calls .*events dead letters',
          'vienna 1 1 1 1 .*1 .*6 0',
          'nothing was deleted: add --yes to delete it',
        ),
      ),
    );
    expect(await tables('vienna')).toEqual(before);
  });

  it('deletes it with --yes, of that organization only, and what stays is what a rebuild makes', async () => {
    const other = await tables('graz');
    const { out } = await prune('--older-than', '2026-05-01', '--org', 'vienna', '--yes', '--json');
    const olderThan = '2026-05-01T00:00:00.000Z';
    expect(JSON.parse(out)).toMatchObject({ olderThan, deleted: true, organizations: [{ org: 'vienna', ...GOING }] });
    expect(await ids('vienna')).toEqual(['c2', 'c3', 'r2', 's1', 'u']);
    const after = await tables('vienna');
    await runboard('rebuild', '--org', 'vienna');
    expect(await tables('vienna')).toEqual(after);
    expect(await tables('graz')).toEqual(other);
  });

  it('takes all organizations', async () => {
    const { out } = await prune('--older-than', '60d', '--all', '--json');
    const none = { sessions: 0, runs: 0, messages: 0, handoffs: 0, calls: 0, events: 0, deadLetters: 0 };
    expect(JSON.parse(out).organizations).toMatchObject([
      { org: 'acme', ...none },
      { org: 'graz', ...GOING },
      { org: 'vienna', ...none },
    ]);
  });

  it.each([
    [[], /required option '--older-than/],
    [['--older-than', 'long'], /must be like/],
    [['--older-than', '2026-02-31'], /must be like/],
    [['--older-than', '2027-01-01'], /must lie in the past/],
    [['--older-than', '1d', '--all', '--org', 'vienna'], /cannot be used with/],
  ])('refuses %j', async (flags, message) => {
    expect(await prune(...flags)).toMatchObject({ message: expect.stringMatching(message), out: '' });
  });

  it('keeps what goes in an archive, from which it comes back', async () => {
    const { token, orgId } = await service.newOrganization();
    await service.accept(token, EVENTS);
    const before = await tables(orgId);
    const folder = mkdtempSync(join(tmpdir(), 'archive-'));
    const archive = join(folder, 'events.ndjson.gz');
    const flags = ['--older-than', '60d', '--org', orgId, '--yes', '--archive', archive];
    expect(await prune(...flags)).toMatchObject({ code: 0 });
    expect((await ids(orgId)).length).toBe(EVENTS.length - GOING.events);
    const archived = gunzipSync(readFileSync(archive)).toString().trim().split('\n');
    expect([archived.length, statSync(archive).mode & 0o777]).toEqual([GOING.events, 0o600]);
    expect(await prune(...flags)).toMatchObject({ code: 1, message: expect.stringContaining('exists already') });

    const type = { 'content-type': 'application/x-ndjson' };
    const sent = await service.request('/v1/events', { token, body: archived.join('\n'), headers: type });
    expect(sent.body).toMatchObject({ accepted: GOING.events, rejected: [] });
    const { runs, sessions } = await tables(orgId);
    expect({ runs, sessions }).toEqual({ runs: before.runs, sessions: before.sessions });
    rmSync(folder, { recursive: true });
  });
});
