import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headersOf, type TestViewer } from '../access/viewers.js';
import { member, viewed, type Viewed } from '../access/world-of-viewers.js';
import { inGrafana, LATER, LISTS, NUMBERS, textsOf, UNNAMED } from './empty-answers.js';
import { startWorld, WINDOW, type World } from './world.js';

/** Why an answer is empty: told by every view, as rows in Grafana, and on top of a file. */
let world: World;
let team: Viewed;
let empty: Viewed;
beforeAll(async () => {
  world = await startWorld([]);
  team = await viewed(world, 'reasons', { memberVisibility: 'team' });
  empty = await viewed(world, 'empty', {}, []);
});
afterAll(() => world.stop());

const asked = async (viewer: TestViewer | null, query: object, of = team): Promise<string[]> =>
  textsOf(await of.ask(viewer, query));

describe('an organization without data', () => {
  it.each([...NUMBERS, ...LISTS, { view: 'annotations' }])('says so: %j', async (query) => {
    expect(await asked(null, query, empty)).toEqual([
      expect.stringMatching(/^nothing is recorded in this organization yet\. Import .+npx runboard import claude-code/),
    ]);
  });

  it('is told what to do next as a command to copy', async () => {
    const { frames } = await empty.ask(null, { view: 'headline' });
    const { schema, data } = frames[0]!;
    const [markdown] = data.values[schema.fields.findIndex(({ name }) => name === 'markdown')]!;
    expect(markdown).toMatch(/^Nothing is recorded .+ \\\(`npx runboard import claude-code --org empty`\\\), or/);
  });

  it('is not said of one with data', async () => {
    for (const query of [...NUMBERS, ...LISTS, { view: 'annotations' }]) {
      expect((await asked(null, query)).join()).not.toMatch(/nothing|in this range/);
    }
  });
});

describe('a filter that matches nothing', () => {
  it.each([...NUMBERS, ...LISTS])('is named with its value: %j', async (query) => {
    expect(await asked(null, { ...query, filters: { team: ['tpyo'] } })).toEqual([
      'the filter on team matches nothing: no team "tpyo" is known here. Check how it is written',
    ]);
    const filters = { repo: ['web'], user: ['Zoe', 'Yan'] };
    expect(await asked(null, { ...query, filters })).toEqual([
      expect.stringMatching(/^the filter on user matches nothing: no user "Zoe" or "Yan" is known here/),
    ]);
  });

  it.each([
    ['model', 'gpt-9'],
    ['repo', 'wbe'],
    ['task_type', 'x'],
    ['failure_category', 'x'],
    ['status', 'WON'],
    ['failure_fingerprint', 'x'],
    ['workspace', 'a\u0000b'],
  ])('%s', async (dimension, value) => {
    expect(await asked(null, { view: 'runs', filters: { [dimension]: [value] } })).toEqual([
      expect.stringContaining(`the filter on ${dimension} matches nothing`),
    ]);
  });

  it('is told apart from filters that pass nothing together', async () => {
    const filters = { team: ['core'], repo: { not: ['web', 'api'] } };
    expect(await asked(null, { view: 'runs', filters })).toEqual([
      'no run in this range passes the filters (team "core", repository not "web" or "api"). Leave one out, or choose another range',
    ]);
    // known by their rows as users
    expect(await asked(null, { view: 'runs', filters: { user: ['u-meg'] } })).toEqual([
      'no run in this range passes the filters (user "u-meg"). Leave one out, or choose another range',
    ]);
  });

  it('tells a member no more than that it is not seen', async () => {
    const own = await asked(member('bob'), { view: 'runs', filters: { repo: ['web'] } });
    const none = await asked(member('bob'), { view: 'runs', filters: { repo: ['nowhere'] } });
    expect(own).toEqual([none[0]!.replace('nowhere', 'web')]);
  });

  it('a board names nobody beside its choice: that is no value, and nothing chosen is said', async () => {
    const of = (filters: object) => asked(null, { view: 'runs', filters });
    expect(await of({ session: [''] })).toEqual([expect.stringMatching(/^no session is chosen\. Choose one/)]);
    expect(await of({ session: ['s1', ''], run: [''] })).toEqual([
      expect.stringMatching(/^no run is chosen\. Click one/),
    ]);
    expect(await of({ session: ['s9', ''] })).toEqual([expect.stringMatching(/^session "s9" is not known here/)]);
    expect(await of({ session: ['s1', ''], run: ['r9', ''] })).toEqual([
      'the filter on run matches nothing: no run "r9" is known here. Check how it is written',
    ]);
    expect(await of({ session: ['s1', ''], run: ['r3', ''] })).toEqual([
      'no run in this range passes the filters (session "s1", run "r3"). Leave one out, or choose another range',
    ]);
  });

  it('says what to send, where only runs of agents are asked for and no run ever named one', async () => {
    const unnamed = await viewed(world, 'unnamed', {}, [UNNAMED]);
    const filters = { agent: { not: ['(none)'] } };
    for (const query of [{ view: 'runs' }, { view: 'table', metrics: ['runs'], groupBy: ['agent'] }]) {
      expect(await asked(null, { ...query, filters }, unnamed)).toEqual([
        expect.stringMatching(/^no run says which agent did it\. Send agent .+ with run\.started/),
      ]);
      expect((await asked(null, { ...query, filters })).join()).not.toMatch(/agent/);
      expect(await asked(null, { ...query, filters: { agent: [''] } })).toEqual([
        expect.stringMatching(/^no agent is chosen\. Type its name/),
      ]);
    }
  });

  it('a run of others is to a member as one that does not exist', async () => {
    const of = (run: string) => asked(member('bob'), { view: 'runs', filters: { run: [run] } });
    expect(await of('r1')).toEqual([(await of('r9'))[0]!.replace('r9', 'r1')]);
    expect(await team.rows(member('bob'), { view: 'runs', filters: { run: ['r1', 'r3', 'r5'] } })).toMatchObject([
      { run: 'r5' },
      { run: 'r3' },
    ]);
    const numbers = await team.ask(null, { ...NUMBERS[0], filters: { run: ['r1'] } });
    expect(numbers).toMatchObject({ status: 400, error: expect.stringMatching(/does not take the filter run/) });
    const { body } = await team.request('/v1/dimensions/run/values', member('bob'));
    expect(body.values.map(({ value }: { value: string }) => value)).toEqual(['r3', 'r4', 'r5']);
  });

  it('tells a public board nothing of groups of few', async () => {
    const open = await viewed(world, 'reasons-open', { publicVisibility: 'totals' });
    const of = (repo: string) => asked({ kind: 'public' }, { ...NUMBERS[0], filters: { repo: [repo] } }, open);
    expect(await of('nowhere')).toEqual([
      'no run in this range passes the filters (repository "nowhere"), or what does is about too few people to be shown. Leave one out, or choose another range',
    ]);
    expect(await of('web')).toEqual(['numbers over fewer than 5 people are left out']);
  });
});

describe('a range without anything', () => {
  it.each(
    [...NUMBERS, ...LISTS].map((query, at) => ({
      ...{ query, what: ['run', 'run', 'run or session', 'session', 'run', 'handoff'][at] },
    })),
  )('says when there is something: %j', async ({ query, what }) => {
    expect(await asked(null, { ...query, ...LATER, timezone: 'Europe/Vienna' })).toEqual([
      `no ${what} in this range: what is recorded here goes from 2026-01-01 01:00 to 2026-03-08 21:00. Choose a range in that time`,
    ]);
    expect(await asked(member('bob'), { ...query, ...LATER })).toEqual([
      `no ${what} that you may see in this range. Choose a longer one`,
    ]);
  });

  it('is not said where runs are, and only what was asked is 0 or unknown', async () => {
    const cases = [
      { view: 'total', metrics: ['lines_added'], filters: { status: ['CANCELED'] } },
      { view: 'total', metrics: ['failed_runs'], filters: { repo: ['api'] } },
      { view: 'table', metrics: ['counter_total'], groupBy: ['counter'], filters: { repo: ['api'] } },
      { view: 'total', metrics: ['handoffs'], filters: { session: ['s4'] } },
      { view: 'total', metrics: ['data_age'], ...LATER },
      { view: 'table', metrics: ['source_age'], groupBy: ['source'], ...LATER },
      // the day of the window's only failed run is not the whole window
      { view: 'annotations', ...LATER },
    ];
    for (const query of cases) {
      const texts = await asked(null, query);
      expect([query, texts.filter((text) => /nothing|in this range/.test(text))]).toEqual([query, []]);
    }
  });
});

describe('who may see nothing', () => {
  const EVE = member('eve');
  const WHY = /^you see nothing: no user of this organization has your e-mail\. Ask an administrator/;

  it.each([...NUMBERS, ...LISTS, { view: 'session', filters: { session: ['s1'] } }, { view: 'annotations' }])(
    'learns why, and no number: %j',
    async (query) => {
      const answer = await team.ask(EVE, query);
      expect(textsOf(answer)).toEqual([expect.stringMatching(WHY)]);
      const numbers = answer.frames.flatMap(({ schema, data }) =>
        data.values.filter((_, at) => schema.fields[at].type === 'number').flat(),
      );
      expect(numbers.filter((value) => value !== null)).toEqual([]);
    },
  );

  it('reads it in the first line of a file, with a byte-order mark or without', async () => {
    const range = `from=${WINDOW.from}&to=${WINDOW.to}`;
    for (const [path, titles, more] of [
      ['runs.csv?', /^Run,Session,/, 0],
      ['sessions.csv?', /^Session,User,/, 0],
      ['runs.csv?cursor=start&', /^Run,Session,/, 0],
      ['table.csv?metrics=runs&metrics=total_cost&', /^Runs,Total cost$/, 1],
    ] as const) {
      for (const bom of [true, false]) {
        const response = await fetch(`${world.address}/v1/export/${path}${range}&bom=${bom}`, {
          headers: { authorization: `Bearer ${team.token}`, ...headersOf(EVE) },
        });
        const text = Buffer.from(await response.arrayBuffer()).toString('utf8');
        expect(text.startsWith('\uFEFF')).toBe(bom);
        const [note, head, ...rows] = text.replace('\uFEFF', '').split('\r\n');
        expect(note).toMatch(/^# you see nothing: no user of this organization has your e-mail\. [^,"]+$/);
        expect(head).toMatch(titles);
        expect(rows).toEqual([...Array.from({ length: more }, () => ','), '']);
      }
    }
  });

  it('a file says it of data and filters, too, but not of an empty range', async () => {
    const first = async (of: Viewed, more: string) =>
      (await of.request(`/v1/export/runs.csv?from=${WINDOW.from}&to=${WINDOW.to}&${more}`, null)).body.split('\r\n')[0];
    expect(await first(empty, '')).toMatch(/^# nothing is recorded in this organization yet/);
    expect(await first(team, 'var-team=a%2C%22b%22%0Ac')).toBe(
      "# the filter on team matches nothing: no team 'a;\\'b\\'\\nc' is known here. Check how it is written",
    );
    expect(await first(team, 'var-repo=web&var-user=u-bob')).toMatch(/^Run,Session/);
  });
});

describe('in Grafana', () => {
  const noteIn = (viewer: TestViewer, query: object) => inGrafana(world, team.token, viewer, query);
  const ADMIN = member('root', { role: 'Admin' });

  it.each([...LISTS, NUMBERS[2]!])('a list or table without rows says why in its place: %j', async (query) => {
    const { rows } = await noteIn(ADMIN, { ...query, filters: { team: ['tpyo'] } });
    expect(rows).toEqual([{ note: expect.stringContaining('the filter on team matches nothing: no team "tpyo"') }]);
    const hidden = await noteIn(member('eve'), query);
    expect(hidden.rows).toEqual([{ note: expect.stringMatching(/^you see nothing: no user/) }]);
    expect((await noteIn(ADMIN, query)).rows[0]).not.toHaveProperty('note');
  });

  it('a session says which of its reasons it is, and leads to its own time', async () => {
    const ofSession = (id?: string) =>
      noteIn(ADMIN, { view: 'session', ...(id ? { filters: { session: [id] } } : {}) });
    expect((await ofSession()).rows).toEqual([{ note: expect.stringMatching(/^no session is chosen/) }]);
    expect((await ofSession('x')).rows).toEqual([{ note: expect.stringMatching(/^session "x" is not known here/) }]);
    // r0 started on 20 February at 10:00, and has not ended
    const { rows, field } = await ofSession('s3');
    expect(rows).toEqual([
      { note: expect.stringMatching(/^session "s3" has nothing in this range: it was from 2026-02/) },
    ]);
    const from = Date.UTC(2026, 1, 20, 10);
    expect(field.config.links).toEqual([
      {
        title: 'Show it in its own time',
        url: `/d/runboard-session?from=${from}&to=${from + 60_000}&var-datasource=ds+1&var-session=s3`,
      },
    ]);
    expect(field.config.custom).toEqual({ wrapText: true });
  });
});
