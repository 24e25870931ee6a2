import { dateTime, type DataQueryRequest } from '@grafana/data';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { fakeGrafana } from './test/grafana';
import { NONE, type RunboardQuery } from './types';

const SERIES: RunboardQuery = { refId: 'A', version: 1, view: 'series', metrics: ['runs'] };

function request(query: Partial<RunboardQuery>, more: Partial<DataQueryRequest<RunboardQuery>> = {}) {
  const range = { from: dateTime(0), to: dateTime(1000), raw: { from: 'now-1h', to: 'now' } };
  const targets = [{ ...SERIES, ...query }];
  return { targets, range, scopedVars: {}, timezone: 'utc', ...more } as DataQueryRequest<RunboardQuery>;
}

/** What the backend is asked, with these variables on the dashboard. */
async function asked(
  query: Partial<RunboardQuery>,
  variables: Record<string, string | string[]> = {},
  more: Partial<DataQueryRequest<RunboardQuery>> = {},
) {
  const { datasource, queries } = fakeGrafana({ variables });
  await lastValueFrom(datasource.query(request(query, more)));
  return queries()[0] as RunboardQuery;
}

describe('template variables', () => {
  it('of several values become lists, whatever is in the values', async () => {
    const team = ['a,b', '{c}', `d"'e`, '$&', ''];
    const query = { filters: { team: ['$team', 'f'], repo: { not: ['${repo}'] } } };
    expect((await asked(query, { team, repo: 'x,y' })).filters).toEqual({
      team: ['a,b', '{c}', `d"'e`, '$&', 'f'],
      repo: { not: ['x,y'] },
    });
  });

  it('on everything leave the filter out', async () => {
    const filters = { team: ['$team'], repo: { not: ['$repo'] }, user: ['u-ann'] };
    expect((await asked({ filters }, { team: '*', repo: ['$__all'] })).filters).toEqual({ user: ['u-ann'] });
  });

  it('of nothing filter nothing', async () => {
    expect((await asked({ filters: { session: ['$session'] } }, { session: '' })).filters).toEqual({ session: [] });
    expect((await asked({ by: { role: ['$role'] } }, { role: ['a', 'b'] })).by).toEqual({ role: ['a', 'b'] });
  });

  it('within a text stand for each of their values', async () => {
    const { filters } = await asked({ filters: { repo: ['$team/$app'] } }, { team: ['a', 'b'], app: ['x', 'y'] });
    expect(filters).toEqual({ repo: ['a/x', 'a/y', 'b/x', 'b/y'] });
  });

  it('stand in every member', async () => {
    const query = {
      ...{ view: '$v', metrics: ['$m'], groupBy: ['$g'], kinds: ['$m'], interval: '$i', orderBy: '$v' },
      ...{ direction: '$v', limit: '$n', legend: '{{team}} $v', compare: '$v' },
    };
    const variables = { v: 'word', m: ['runs', 'total_cost'], g: 'team', i: 'day', n: '7' };
    expect(await asked(query, variables)).toMatchObject({
      ...{ view: 'word', metrics: ['runs', 'total_cost'], groupBy: ['team'], kinds: ['runs', 'total_cost'] },
      ...{ interval: 'day', orderBy: 'word', direction: 'word', limit: '7', legend: '{{team}} word', compare: 'word' },
    });
  });

  it('that are none are left for the service to name', async () => {
    const { filters, metrics } = await asked({ metrics: ['$metric'], filters: { team: ['$team'] } });
    expect([filters, metrics]).toEqual([{ team: ['$team'] }, ['$metric']]);
  });

  it('of a repeated panel come first', async () => {
    const scopedVars = { team: { text: 'core', value: 'core' } };
    expect((await asked({ filters: { team: '$team' } }, { team: ['a', 'b'] }, { scopedVars })).filters).toEqual({
      team: ['core'],
    });
  });

  it('are found in a query for an alert rule', () => {
    const { datasource } = fakeGrafana();
    expect(datasource.targetContainsTemplate({ ...SERIES, filters: { team: ['$team'] } })).toBe(true);
    expect(datasource.targetContainsTemplate({ ...SERIES, legend: '{{team}}' })).toBe(false);
  });
});

describe('the time zone', () => {
  it.each([
    ['utc', 'UTC'],
    ['Europe/Vienna', 'Europe/Vienna'],
    ['browser', Intl.DateTimeFormat().resolvedOptions().timeZone],
    ['', Intl.DateTimeFormat().resolvedOptions().timeZone],
  ])('%p of a dashboard is %p', async (timezone, expected) => {
    expect((await asked({}, {}, { timezone })).timezone).toBe(expected);
  });

  it.each([undefined, '', 'Etc/Unknown'])('%p of a browser is none, which the service knows', async (timeZone) => {
    const options = { ...Intl.DateTimeFormat().resolvedOptions(), timeZone } as Intl.ResolvedDateTimeFormatOptions;
    const spy = jest.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions').mockReturnValue(options);
    expect((await asked({}, {}, { timezone: 'browser' })).timezone).toBe('Etc/Unknown');
    expect((await asked({}, {}, { timezone: 'Europe/Vienna' })).timezone).toBe('Europe/Vienna');
    spy.mockRestore();
  });

  it('of a query holds for it', async () => {
    expect((await asked({ timezone: 'Asia/Tokyo' })).timezone).toBe('Asia/Tokyo');
  });
});

describe('ad hoc filters', () => {
  it('stand beside the filters of the query', async () => {
    const filters = [
      { key: 'team', operator: '=', value: 'core' },
      { key: 'repo', operator: '!=|', value: '', values: ['a,b', 'c'] },
    ];
    const query = { filters: { team: ['core', 'apps'] } };
    expect(await asked(query, {}, { filters })).toMatchObject({
      filters: { team: ['core', 'apps'] },
      adhocFilters: [
        { key: 'team', operator: '=', value: 'core' },
        { key: 'repo', operator: '!=|', value: '', values: ['a,b', 'c'] },
      ],
    });
    expect(await asked(query)).not.toHaveProperty('adhocFilters');
  });

  it('are on the dimensions that some query can be filtered by', async () => {
    const { datasource } = fakeGrafana();
    const keys = async (queries?: RunboardQuery[]) =>
      (await datasource.getTagKeys({ queries })).map(({ value }) => value);
    expect(await keys()).toEqual(['user', 'team', 'repo', 'status', 'session']);
    expect(await keys([SERIES])).toEqual(['user', 'team', 'repo', 'status']);
    expect(await keys([{ refId: 'A', view: 'activity' }])).toEqual(['session']);
    expect((await datasource.getTagKeys())[2]).toEqual({ text: 'Repository', value: 'repo' });
  });

  it('have the values of the service, and that there is none', async () => {
    const { datasource } = fakeGrafana();
    expect(await datasource.getTagValues({ key: 'user', filters: [] })).toEqual([
      { text: 'Ann', value: 'u-ann' },
      { text: NONE, value: NONE },
    ]);
  });

  it('say where they do not apply', async () => {
    const { datasource } = fakeGrafana();
    const filters = ['team', 'session'].map((key) => ({ key, operator: '=', value: 'x' }));
    expect(await datasource.getDrilldownsApplicability({ filters, groupByKeys: ['repo'], queries: [SERIES] })).toEqual([
      { key: 'team', applicable: true },
      { key: 'session', applicable: false, reason: expect.any(String) as string },
      { key: 'repo', applicable: false, reason: expect.any(String) as string },
    ]);
  });
});

describe('a variable', () => {
  const values = async (query: object, typed?: string) => {
    const { datasource, requests } = fakeGrafana({ variables: { what: 'team' } });
    const scopedVars = typed ? { __searchFilter: { text: typed, value: typed } } : {};
    const variables = datasource.variables as unknown as { query: typeof datasource.query };
    const targets = [{ refId: 'V', ...query }];
    const { data } = await firstValueFrom(variables.query(request({}, { targets, scopedVars })));
    return { data: data as unknown[], params: requests[0]?.params as unknown };
  };

  it('has the values of a dimension, searched by the service', async () => {
    expect(await values({ dimension: 'user', search: '$__searchFilter' })).toMatchObject({
      data: [
        { value: 'u-ann', text: 'Ann' },
        { value: NONE, text: NONE },
      ],
      params: { limit: 1000 },
    });
    expect(await values({ dimension: 'team', search: '$__searchFilter' }, 'cor')).toEqual({
      data: [{ value: 'core', text: 'core' }],
      params: { limit: 1000, search: 'cor' },
    });
    expect((await values({ dimension: '$what', search: 'app' })).data).toEqual([{ value: 'apps', text: 'apps' }]);
  });

  it('has those that are left by other variables', async () => {
    const query = { dimension: 'user', filters: { team: ['$what', 'core'], repo: ['*'] } };
    expect((await values(query)).params).toEqual({ limit: 1000, filters: '{"team":["team","core"]}' });
    expect((await values({ dimension: 'user', filters: { repo: ['*'] } })).params).toEqual({ limit: 1000 });
  });

  it('without a dimension yet has none', async () => {
    expect(await values({})).toEqual({ data: [], params: undefined });
  });
});

describe('the data source', () => {
  it('asks for runs over time to begin with', () => {
    expect(fakeGrafana().datasource.getDefaultQuery()).toEqual({ version: 1, view: 'series', metrics: ['runs'] });
  });

  it('does not ask what is not finished', async () => {
    const { datasource } = fakeGrafana();
    await datasource.catalogue();
    expect(datasource.filterQuery(SERIES)).toBe(true);
    expect(datasource.filterQuery({ ...SERIES, metrics: [] })).toBe(false);
    expect(datasource.filterQuery({ refId: 'A', view: 'runs' })).toBe(true);
    expect(datasource.filterQuery({ refId: 'A' })).toBe(false);
  });

  it('says a query in words', () => {
    const { datasource } = fakeGrafana();
    expect(datasource.getQueryDisplayText({ ...SERIES, groupBy: ['team', 'repo'] })).toBe('series: runs by team, repo');
    expect(datasource.getQueryDisplayText({ refId: 'A', view: 'runs' })).toBe('runs');
  });

  it('reads the catalogue once, and again after a failure', async () => {
    const { datasource, requests, server } = fakeGrafana({ fails: 'no service' });
    await expect(datasource.catalogue()).rejects.toEqual({ data: { message: 'no service' } });
    server.fails = undefined;
    await Promise.all([datasource.catalogue(), datasource.catalogue()]);
    await datasource.catalogue();
    expect(requests).toHaveLength(2);
  });

  it('filters for a value that one clicks in Explore, or leaves it out', async () => {
    const { datasource } = fakeGrafana();
    await datasource.catalogue();
    const click = (type: string, key: string, value: string, query = SERIES) =>
      datasource.modifyQuery(query, { type, options: { key, value } }).filters;
    expect(click('ADD_FILTER', 'team', 'core')).toEqual({ team: ['core'] });
    const without = { ...SERIES, filters: click('ADD_FILTER_OUT', 'team', 'core') };
    expect(click('ADD_FILTER_OUT', 'team', 'apps', without)).toEqual({ team: { not: ['core', 'apps'] } });
    expect(click('ADD_FILTER', 'team', 'apps', without)).toEqual({ team: ['apps'] });
    expect(click('ADD_FILTER', 'session', 's', SERIES)).toBeUndefined();
  });

  it('marks annotations, whatever the saved query says', () => {
    const { prepareQuery, getDefaultQuery } = fakeGrafana().datasource.annotations;
    const annotation = { name: 'x', enable: true, iconColor: 'red' };
    expect(getDefaultQuery?.()).toEqual({ version: 1, view: 'annotations' });
    expect(prepareQuery?.(annotation)).toEqual({ refId: 'Anno', version: 1, view: 'annotations' });
    expect(prepareQuery?.({ ...annotation, target: { refId: 'B', view: 'runs', limit: 5 } })).toMatchObject({
      ...{ refId: 'B', view: 'annotations', limit: 5 },
    });
  });
});
