import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rebuild } from '../../src/ingest/rebuild.js';
import { loadPrices } from '../../src/pricing/index.js';
import { eraseUser } from '../../src/retention/erase.js';
import { Random } from '../support/random.js';
import { testService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

let ids = 0;
const event = (type: string, data: object, time: string, more: object = {}) => {
  const id = `e${(ids += 1)}`;
  return { specversion: '1.0', source: 'test', id, type, time, data, ...more };
};
const DAY = '2026-03-0';
const day = (of: number): string => `${DAY}${of}T09:00:00Z`;

const rowsOf = async (orgId: string, table: string, columns: string): Promise<Record<string, any>[]> => {
  const sql = `select ${columns} from ${table} where org_id = $1 order by 1`;
  return (await service.database.inOrganization(orgId, (tx) => tx.query(sql, [orgId]))).rows as Record<string, any>[];
};

/** The rows after these events in three orders, alone and in one batch, and after a rebuild: always the same. */
async function made(events: object[], table: string, columns: string): Promise<Record<string, any>[]> {
  const found: Record<string, any>[][] = [];
  for (const order of [events, events.toReversed(), new Random(5).shuffled(events)]) {
    const { orgId, token } = await service.newOrganization();
    for (const one of order) await service.accept(token, [one]);
    found.push(await rowsOf(orgId, table, columns));
    await rebuild(service.database, orgId, loadPrices());
    found.push(await rowsOf(orgId, table, columns));
  }
  const whole = await service.newOrganization();
  await service.accept(whole.token, events);
  found.push(await rowsOf(whole.orgId, table, columns));
  for (const one of found) expect(one).toEqual(found[0]);
  return found[0]!;
}

describe('a work item', () => {
  const closed = (workItemId: string, closedAt: string, quality?: string, time = closedAt, more = {}) =>
    event('work_item.closed', { workItemId, closedAt, quality }, time, more);
  const reopened = (workItemId: string, at: string) => event('work_item.reopened', { workItemId, at }, at);
  const reviewed = (workItemId: string, at: string, quality: string) =>
    event('work_item.reviewed', { workItemId, at, quality }, at);

  it('is closed if its latest closing is later than its latest reopening, by the moments they are about', async () => {
    const events = [
      closed('once', day(1)),
      closed('again', day(1)),
      reopened('again', day(2)),
      closed('again', day(3)),
      closed('open', day(1)),
      reopened('open', day(2)),
      closed('same instant', day(2)),
      reopened('same instant', day(2)),
      // told late, and by whoever has no rights: what counts is when it was closed
      closed('told late', day(1), undefined, day(9)),
      closed('told late', day(4), undefined, day(5), { runboardrank: 0 }),
      reopened('told late', day(3)),
      event('work_item.upserted', { workItemId: 'new', type: 'bug' }, day(1)),
    ];
    expect(await made(events, 'work_items', 'work_item_id, state, closed_at')).toEqual([
      { work_item_id: 'again', state: 'closed', closed_at: new Date(day(3)) },
      { work_item_id: 'new', state: 'open', closed_at: null },
      { work_item_id: 'once', state: 'closed', closed_at: new Date(day(1)) },
      { work_item_id: 'open', state: 'open', closed_at: new Date(day(1)) },
      { work_item_id: 'same instant', state: 'open', closed_at: new Date(day(2)) },
      { work_item_id: 'told late', state: 'closed', closed_at: new Date(day(4)) },
    ]);
  });

  it('has the last word on its quality, of those about one moment the worse, and keeps that rework was asked for', async () => {
    const events = [
      reviewed('a', day(1), 'rework_requested'),
      closed('a', day(2), 'passed'),
      closed('b', day(2), 'passed'),
      reviewed('b', day(3), 'failed'),
      closed('c', day(2), 'passed'),
      reviewed('c', day(2), 'rework_requested'),
      closed('d', day(2)),
    ];
    const columns = `work_item_id, quality, rework_requested_at is not null as was_asked_for`;
    expect(await made(events, 'work_items', columns)).toEqual([
      { work_item_id: 'a', quality: 'passed', was_asked_for: true },
      { work_item_id: 'b', quality: 'failed', was_asked_for: false },
      { work_item_id: 'c', quality: 'rework_requested', was_asked_for: true },
      { work_item_id: 'd', quality: null, was_asked_for: false },
    ]);
  });

  it('belongs to the epic at the top, also to one that nothing is known of; of a circle to the smallest id', async () => {
    const parents: [string, string][] = [
      ['task', 'story'],
      ['story', 'epic'],
      ['x', 'y'],
      ['y', 'z'],
      ['z', 'y'],
      ['self', 'self'],
      ...Array.from({ length: 12 }, (_, index): [string, string] => [`chain ${index + 10}`, `chain ${index + 11}`]),
    ];
    const events = [
      ...parents.map(([workItemId, parentId]) => event('work_item.upserted', { workItemId, parentId }, day(1))),
      event('work_item.upserted', { workItemId: 'moved', parentId: 'task' }, day(1)),
      event('work_item.upserted', { workItemId: 'moved', parentId: '' }, day(2)),
      event('work_item.closed', { workItemId: 'epic', closedAt: day(2) }, day(2)),
    ];
    const rows = await made(events, 'work_items', 'work_item_id, epic_id');
    expect(Object.fromEntries(rows.map((row) => [row.work_item_id, row.epic_id]))).toMatchObject({
      ...{ task: 'epic', story: 'epic', epic: null, moved: null },
      ...{ x: 'y', y: 'y', z: 'y', self: 'self' },
      // ten steps up, of twelve
      ...{ 'chain 10': 'chain 20', 'chain 11': 'chain 21', 'chain 12': 'chain 22', 'chain 21': 'chain 22' },
    });
  });
});

describe("a session's work item", () => {
  const linked = (sessionId: string, workItemId: string, time: string, by?: string) =>
    event('session.linked', { sessionId, workItemId, at: time, by }, time);

  it('is what the weightiest word says, of equal ones the latest, whatever order they come in', async () => {
    const all = ['hand', 'event', 'telemetry', 'correlation', 'importer'];
    const events = all.flatMap((by, index) => [
      // each session lacks the words that count more; what counts less was said later
      ...all.slice(index).map((other, less) => linked(`s-${by}`, `by ${other}`, day(2 + less), other)),
      linked(`s-${by}`, `by ${by}, corrected`, '2026-03-02T10:00:00Z', by),
      linked(`s-${by}`, `by ${by}, before`, day(1), by),
    ]);
    events.push(
      event('session.created', { sessionId: 's-created', createdAt: day(1), workItemId: 'created' }, day(1)),
      linked('s-created', 'later', day(2)),
      linked('s-created', 'imported', day(3), 'importer'),
      linked('s-none', 'said', day(2)),
      linked('s-none', '', day(1), 'hand'),
    );
    const rows = await made(events, 'sessions', 'session_id, work_item_id');
    expect(Object.fromEntries(rows.map((row) => [row.session_id, row.work_item_id]))).toEqual({
      ...Object.fromEntries(all.map((by) => [`s-${by}`, `by ${by}, corrected`])),
      's-created': 'later',
      's-none': null,
    });
  });

  it('by a word that counts less is still a word about the session: a deletion before it does not hide it', async () => {
    const events = [
      linked('s', 'by hand', day(1), 'hand'),
      event('session.deleted', { sessionId: 's' }, day(2)),
      linked('s', 'imported', day(3), 'importer'),
    ];
    expect(await made(events, 'sessions', 'session_id, work_item_id, hidden')).toEqual([
      { session_id: 's', work_item_id: 'by hand', hidden: false },
    ]);
  });
});

describe('erasing a person', () => {
  it('writes down first what only the branches of their sessions linked', async () => {
    const { orgId, token } = await service.newOrganization();
    await service.database.inOrganization(orgId, (tx) =>
      tx.query(`update organizations set work_item_pattern = '[A-Z]+-[0-9]+' where org_id = $1`, [orgId]),
    );
    const created = (sessionId: string, more: object, time: string) =>
      event('session.created', { sessionId, createdByUserId: 'ann', createdAt: time, ...more }, time);
    await service.accept(token, [
      created('by branch', { branch: 'ann/MIN-7-totals' }, day(1)),
      created('stated', { branch: 'ann/MIN-8', workItemId: 'MIN-9' }, day(1)),
      created('not linked', { branch: 'ann/totals' }, day(1)),
    ]);
    const columns = 'session_id, branch, work_item_id, branch_work_item_id';
    expect(await rowsOf(orgId, 'sessions', columns)).toEqual([
      { session_id: 'by branch', branch: 'ann/MIN-7-totals', work_item_id: null, branch_work_item_id: 'MIN-7' },
      { session_id: 'not linked', branch: 'ann/totals', work_item_id: null, branch_work_item_id: null },
      { session_id: 'stated', branch: 'ann/MIN-8', work_item_id: 'MIN-9', branch_work_item_id: null },
    ]);
    await eraseUser(service.database, orgId, { userId: 'ann', pseudonym: 'erased-1', replaceId: true });
    const expected = [
      { session_id: 'by branch', branch: null, work_item_id: 'MIN-7', branch_work_item_id: null },
      { session_id: 'not linked', branch: null, work_item_id: null, branch_work_item_id: null },
      { session_id: 'stated', branch: null, work_item_id: 'MIN-9', branch_work_item_id: null },
    ];
    expect(await rowsOf(orgId, 'sessions', columns)).toEqual(expected);
    await rebuild(service.database, orgId, loadPrices());
    expect(await rowsOf(orgId, 'sessions', columns)).toEqual(expected);
    // whoever knows better still can say so
    await service.accept(token, [linkedLater]);
    expect((await rowsOf(orgId, 'sessions', columns))[0]).toMatchObject({ work_item_id: 'MIN-70' });
  });

  const linkedLater = event(
    'session.linked',
    { sessionId: 'by branch', workItemId: 'MIN-70', at: day(1), by: 'importer' },
    day(1),
  );
});
