import { describe, expect, it } from '@jest/globals';
import { readRequest, type QueryFlags } from '../../src/cli/query/request.js';
import { needsZone, readWindow } from '../../src/presentation/window.js';

const NOW = Date.UTC(2026, 2, 31, 10);
const iso = (flags: Parameters<typeof readWindow>[0], zone = 'Europe/Vienna') => {
  const { from, to } = readWindow(flags, NOW, zone);
  return [new Date(from).toISOString(), new Date(to).toISOString()];
};

describe('the window of runboard query', () => {
  it.each([
    [{}, '2026-03-01T10:00:00.000Z', '2026-03-31T10:00:00.000Z'],
    [{ last: '24h' }, '2026-03-30T10:00:00.000Z', '2026-03-31T10:00:00.000Z'],
    [{ last: '4w' }, '2026-03-03T10:00:00.000Z', '2026-03-31T10:00:00.000Z'],
    // 12:00 on 31 March in Vienna is summer time; a month earlier, 28 February, is not
    [{ last: '1mo' }, '2026-02-28T11:00:00.000Z', '2026-03-31T10:00:00.000Z'],
    [{ last: '1y', to: '2026-01-01' }, '2024-12-31T23:00:00.000Z', '2025-12-31T23:00:00.000Z'],
    [{ from: '2026-03-29', to: '2026-03-30' }, '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    [{ from: '2026-03-01 09:30' }, '2026-03-01T08:30:00.000Z', '2026-03-31T10:00:00.000Z'],
    [{ from: '2026-03-01T09:30:15.250Z' }, '2026-03-01T09:30:15.250Z', '2026-03-31T10:00:00.000Z'],
  ])('%p', (flags, from, to) => expect(iso(flags)).toEqual([from, to]));

  it('starts a date where the clock jumps over midnight', () => {
    expect(iso({ from: '2018-11-04', to: '2018-11-05' }, 'America/Sao_Paulo')[0]).toBe('2018-11-04T03:00:00.000Z');
  });

  it('says what would be right', () => {
    expect(() => iso({ last: '3m' })).toThrow('--last must be like 24h, 7d, 4w, 3mo or 1y, not "3m"');
    expect(() => iso({ last: '7d', from: '2026-01-01' })).toThrow('leave one out');
    expect(() => iso({ from: '2026-02-30' })).toThrow('--from must be a date or time such as 2026-01-31');
    expect(() => iso({ from: '2026-04-30' })).toThrow('the window is empty');
    expect(() => iso({ from: '2026-03-01' }, 'Mars/Base')).toThrow('unknown timezone "Mars/Base"');
  });

  it('knows what a zone decides', () => {
    const zoned: object[] = [{ from: '2026-01-01' }, { to: '2026-01-01T10:00' }, { last: '3mo' }, { last: '1y' }];
    expect(zoned.map(needsZone)).toEqual([true, true, true, true]);
    expect([{}, { last: '7d' }, { from: '2026-01-01T00:00:00Z' }].map(needsZone)).toEqual([false, false, false]);
  });
});

const query = (metrics: string[], flags: QueryFlags = {}) => readRequest(metrics, flags, { from: 1, to: 2 }).queries[0];

describe('the request of runboard query', () => {
  it('asks for totals, with groups a table, with an interval a series', () => {
    expect(query(['runs', 'total_cost'])).toEqual({
      refId: 'A',
      view: 'total',
      from: 1,
      to: 2,
      metrics: ['runs', 'total_cost'],
    });
    expect(query(['runs,total_cost'], { by: ['team,repo'] })).toMatchObject({
      view: 'table',
      metrics: ['runs', 'total_cost'],
      groupBy: ['team', 'repo'],
    });
    expect(query(['runs'], { by: ['team', 'repo'], interval: 'day' })).toMatchObject({
      view: 'series',
      interval: 'day',
      groupBy: ['team', 'repo'],
    });
    expect(query([], { view: 'sessions' })).toEqual({ refId: 'A', view: 'sessions', from: 1, to: 2 });
  });

  it('passes order, page, zone and comparison on', () => {
    const flags = { compare: true, orderBy: 'runs', asc: true, limit: '5', offset: '10', timezone: 'Asia/Kolkata' };
    expect(query(['runs'], { by: ['team'], ...flags })).toMatchObject({
      compare: 'previous',
      orderBy: 'runs',
      direction: 'asc',
      limit: '5',
      offset: '10',
      timezone: 'Asia/Kolkata',
    });
  });

  it('reads filters: several values, repeated, negated, none, with commas and equal signs', () => {
    const filter = ['repo=web,api', 'repo=docs', 'team!=core,(none)', 'session=a=b', 'workspace=C:\\x\\,y'];
    expect(query(['runs'], { filter }).filters).toEqual({
      repo: ['web', 'api', 'docs'],
      team: { not: ['core', '(none)'] },
      session: ['a=b'],
      workspace: ['C:\\x,y'],
    });
  });

  it('refuses what says two things or nothing', () => {
    expect(() => query(['runs'], { filter: ['repo'] })).toThrow('--filter must be like repo=web,api');
    expect(() => query(['runs'], { filter: ['repo='] })).toThrow('team=(none)');
    expect(() => query(['runs'], { filter: ['repo=a', 'repo!=b'] })).toThrow('with both = and !=');
    expect(() => query(['runs'], { interval: 'day', view: 'table' })).toThrow(
      '--interval is for the views series and distribution only',
    );
    expect(() => query(['runs'], { asc: true, desc: true })).toThrow('exclude each other');
  });
});
