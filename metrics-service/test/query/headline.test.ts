import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headersOf, type TestViewer } from '../access/viewers.js';
import { member } from '../access/world-of-viewers.js';
import { manyRuns, runEvents } from '../support/run-events.js';
import { at, EVENTS, WEEK } from './headline-world.js';
import { rowsOf, startWorld, type World } from './world.js';

let world: World;
let token: string;
beforeAll(async () => {
  world = await startWorld(EVENTS, at('2026-12-01T00:00:00Z'));
  token = await world.organization('viewed', { memberVisibility: 'team', publicVisibility: 'totals' }, [
    ...(['ingest', 'directory', 'read', 'delegate'] as const),
  ]);
  await world.accept(token, EVENTS);
});
afterAll(() => world.stop());

const said = async (query: object = {}, window: Record<string, unknown> = WEEK) =>
  rowsOf(await world.ask({ view: 'headline', ...query }, window)).map(({ headline }) => headline);

async function rowsFor(viewer: TestViewer, query: object = {}, window: object = WEEK, more: object = {}) {
  const body = { ...window, queries: [{ refId: 'A', view: 'headline', ...query }] };
  const headers = { ...headersOf(viewer), ...more };
  return rowsOf((await world.request('/v1/query', { token, body, headers })).body.results.A);
}

describe('headline', () => {
  it('says what changed, what it cost, what bought nothing, and what stands out', async () => {
    // cost 10 before, 30 + 1 + 20 now; success 90 % before, 75 % now
    expect(await said()).toEqual([
      '200 runs (+100 %), $51.00 (+410 %), against the week before.',
      '$21.00 went into runs that did not succeed, $12.50 of it into session s_1 on 4 Nov.',
      'Success fell 15.0 points to 75.0 %: provider error on 4 Nov.',
    ]);
    const [, waste] = rowsOf(await world.ask({ view: 'headline' }, WEEK));
    expect(waste!.markdown).toContain('into session s\\_1 on');
  });

  it('leads to what shows it, for a person in a Grafana, and escapes what Markdown would take for its own', async () => {
    const admin = { kind: 'user', role: 'Admin' };
    const rows = await rowsFor(admin, { filters: { team: ['core', 'apps'] } }, WEEK, { 'x-runboard-datasource': 'ds' });
    const week = `from=${WEEK.from}&to=${WEEK.to}&var-datasource=ds&var-team=core&var-team=apps`;
    const [from, to] = [at('2026-11-04T07:59:00Z'), at('2026-11-04T08:25:00Z')];
    const session = `/d/runboard-session?from=${from}&to=${to}&var-datasource=ds&var-session=s_1`;
    const day = `from=${at('2026-11-04T00:00:00Z')}&to=${at('2026-11-05T00:00:00Z')}&var-datasource=ds&var-team=core&var-team=apps`;
    const ofDay = `/d/runboard-sessions?${day}&var-failure_category=provider_error&var-sort=total_cost`;
    const unsuccessful = 'var-status=FAILED&var-status=CANCELED&var-status=TIMEOUT';
    expect(rows.map(({ link }) => link)).toEqual([null, session, ofDay]);
    expect(rows[1]).toEqual({
      headline: '$21.00 went into runs that did not succeed, $12.50 of it into one session on 4 Nov.',
      link: session,
      markdown:
        `**[\\$21\\.00 went into runs that did not succeed](/d/runboard-sessions?${week}&${unsuccessful}&var-sort=total_cost)**` +
        `, \\$12\\.50 of it into **[one session](${session})** on 4 Nov\\.`,
    });
  });

  it('compares only where both windows have 20 runs and the earlier one begins after the first event', async () => {
    const before = { ...WEEK, from: at('2026-10-26T00:00:00Z'), to: at('2026-11-02T00:00:00Z') };
    expect(await said({}, before)).toEqual([
      '100 runs, $10.00.',
      '$1.00 went into runs that did not succeed.',
      '90.0 % of 100 ended runs succeeded.',
    ]);
    // 5 weeks: the earlier ones begin on 1 September
    expect((await said({}, { ...WEEK, from: at('2026-10-06T00:00:00Z') }))[0]).toBe('300 runs, $61.00.');
  });

  it('calls no change what may be chance', async () => {
    // Bob: 10 runs before are too few; Ann: 90 before, 165 now, of which 150 succeeded
    expect((await said({ filters: { user: ['bob'] } }))[0]).toBe('35 runs, $13.50.');
    // test failures: 10 of 100 before, 10 of 160 without the provider's errors
    expect(await said({ filters: { failure_category: { not: ['provider_error'] } } })).toEqual([
      '160 runs (+60 %), $31.00 (+210 %), against the week before.',
    ]);
  });

  it('names an outcome that is a part of the reason as such', async () => {
    const { token: own } = await world.newOrganization();
    const now = (id: string, count: number, more: object) =>
      manyRuns(count, { id, at: '2026-11-03T08:00:00Z', user: 'ann', costUsd: 0, ...more });
    // 90 of 100 before, 60 of 90 now: of 21 successes lost 8 more are provider errors
    await world.accept(own, [
      ...runEvents({ id: 'first', at: '2026-10-01T00:00:00Z' }),
      ...manyRuns(90, { id: 'good', at: '2026-10-27T08:00:00Z', user: 'ann', costUsd: 0 }),
      ...manyRuns(10, { id: 'bad', at: '2026-10-27T08:00:00Z', user: 'ann', costUsd: 0, status: 'CANCELED' }),
      ...now('now', 60, {}),
      ...now('error', 8, { status: 'FAILED', category: 'provider_error' }),
      ...now('slow', 7, { status: 'TIMEOUT' }),
      ...now('stopped', 15, { status: 'CANCELED' }),
    ]);
    const body = { ...WEEK, queries: [{ refId: 'A', view: 'headline' }] };
    const rows = rowsOf((await world.request('/v1/query', { token: own, body })).body.results.A);
    expect(rows.map(({ headline }) => headline)).toEqual([
      '90 runs, $0.00.',
      'Success fell 23.3 points to 66.7 %, in part: provider error on 3 Nov.',
    ]);
  });

  it('says nothing of outcomes where the filters choose them', async () => {
    expect(await said({ filters: { status: ['FAILED'] } })).toEqual(['50 runs, $21.00.']);
  });

  it('says only how many there are of fewer than 20 runs', async () => {
    const one = { ...WEEK, from: at('2026-10-01T00:00:00Z'), to: at('2026-10-02T00:00:00Z') };
    expect(await said({}, one)).toEqual(['1 run in this range: too few to say more.']);
    const friday = { ...WEEK, from: at('2026-11-06T08:00:00Z'), to: at('2026-11-06T08:10:00Z') };
    expect(await said({}, friday)).toEqual(['10 runs in this range: too few to say more.']);
  });

  it('takes the days of the zone, also where the clock changes', async () => {
    // from Monday to Monday by the clock of Vienna, which went back on 25 October
    const week = { from: at('2026-10-25T23:00:00Z'), to: at('2026-11-01T23:00:00Z'), timezone: 'Europe/Vienna' };
    expect((await said({}, week))[0]).toBe('100 runs, $10.00.');
    // by that of Kiritimati it is the 5th already when it is 18 o'clock on the 4th in UTC
    const [, waste] = await said({ filters: { user: ['ann'] } }, { ...WEEK, timezone: 'Pacific/Kiritimati' });
    expect(waste).toBe('$7.50 went into runs that did not succeed.');
    const elsewhere = (await said({}, { ...WEEK, timezone: 'America/Los_Angeles' }))[1];
    expect(elsewhere).toContain('on 4 Nov.');
  });
});

describe('headline, where there is nothing to see', () => {
  it('leads to the next runs before or after', async () => {
    const later = { ...WEEK, from: at('2026-11-20T00:00:00Z'), to: at('2026-11-27T00:00:00Z') };
    const admin = { kind: 'user', role: 'Admin' };
    const rows = await rowsFor(admin, {}, later, { 'x-runboard-datasource': 'ds' });
    const last = at('2026-11-06T08:09:00Z') + 1;
    expect(rows.map(({ headline, link }) => [headline, link])).toEqual([
      [expect.stringMatching(/./), null],
      [
        'The latest runs before it are of 6 Nov.',
        `/d/runboard-overview?from=${last - 7 * 86_400_000}&to=${last}&var-datasource=ds`,
      ],
    ]);
    const earlier = { ...WEEK, from: at('2026-09-01T00:00:00Z'), to: at('2026-09-08T00:00:00Z') };
    expect((await said({}, earlier))[1]).toBe('The first runs after it are of 1 Oct.');
  });

  it('says so of an organization without data', async () => {
    const { token: empty } = await world.newOrganization();
    const body = { ...WEEK, queries: [{ refId: 'A', view: 'headline' }] };
    const { body: answer } = await world.request('/v1/query', { token: empty, body });
    expect(rowsOf(answer.results.A)).toHaveLength(1);
  });
});

describe('headline, for', () => {
  it('a member of a team: what the team sees', async () => {
    expect((await rowsFor(member('ann'))).map(({ headline }) => headline)).toEqual([
      // Ann: 150 at 20 cents and 15 at 50
      '165 runs (+83 %), $37.50 (+317 %), against the week before.',
      '$7.50 went into runs that did not succeed.',
      'Success fell 9.1 points to 90.9 %: provider error on 6 Nov.',
    ]);
  });

  it('a public board: no session, and no numbers over fewer than five people', async () => {
    expect((await rowsFor({ kind: 'public' })).map(({ headline }) => headline)).toEqual([
      'Fewer than 5 people ran agents in this range: their numbers are not shown.',
    ]);
  });

  it('a public board of five people: their numbers together, and no session', async () => {
    const five = await world.organization('five', { publicVisibility: 'totals' }, [
      'ingest',
      'directory',
      'read',
      'delegate',
    ]);
    const people = ['a', 'b', 'c', 'd', 'e'].flatMap((user) =>
      manyRuns(6, {
        id: user,
        at: '2026-11-03T08:00:00Z',
        user,
        session: 'one',
        costUsd: 1,
        status: 'FAILED',
        error: 'it broke',
      }),
    );
    await world.accept(five, people);
    const asked = (view: string, viewer: TestViewer) =>
      world.request('/v1/query', {
        token: five,
        headers: headersOf(viewer),
        body: { ...WEEK, queries: [{ refId: 'A', view }] },
      });
    const shown = rowsOf((await asked('headline', { kind: 'public' })).body.results.A);
    expect(shown.map(({ headline }) => headline)).toEqual([
      '30 runs, $30.00.',
      '$30.00 went into runs that did not succeed.',
      '0 % of 30 ended runs succeeded.',
    ]);
    expect(rowsOf((await asked('findings', { kind: 'public' })).body.results.A)).toEqual([]);
    expect(rowsOf((await asked('findings', { kind: 'user', role: 'Admin' })).body.results.A)).toHaveLength(1);
  });

  it('an alert rule: numbers, but no session', async () => {
    expect((await rowsFor({ kind: 'alert' })).map(({ headline }) => headline)).toEqual([
      '200 runs (+100 %), $51.00 (+410 %), against the week before.',
      '$21.00 went into runs that did not succeed.',
      'Success fell 15.0 points to 75.0 %: provider error on 4 Nov.',
    ]);
  });

  it('who is nobody here: what everybody sees, and where that is nothing, why', async () => {
    const [{ headline }] = (await rowsFor(member('nobody'))) as [{ headline: string }];
    expect(headline).toBe('Fewer than 5 people ran agents in this range: their numbers are not shown.');
    const closed = await world.organization('closed', {}, ['read', 'delegate']);
    const { body } = await world.request('/v1/query', {
      token: closed,
      headers: headersOf(member('nobody')),
      body: { ...WEEK, queries: [{ refId: 'A', view: 'headline' }] },
    });
    expect(rowsOf(body.results.A)).toEqual([
      expect.objectContaining({
        headline: expect.stringMatching(/^You see nothing: no user of this organization has your e-mail/),
      }),
    ]);
  });

  it('a person may not be asked about by who sees totals only', async () => {
    const body = { ...WEEK, queries: [{ refId: 'A', view: 'headline', filters: { user: ['ann'] } }] };
    const { body: answer } = await world.request('/v1/query', { token, body, headers: headersOf({ kind: 'alert' }) });
    expect(answer.results.A.error).toMatch(/^alert rules see numbers of many only/);
  });
});
