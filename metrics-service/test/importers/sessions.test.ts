import { describe, expect, it } from '@jest/globals';
import { fold } from './fold.js';
import { agent, at, read, record, SESSION, user } from './transcripts.js';

const OTHER = { sessionId: 'session-2' };

describe('what several files say of one session', () => {
  const own = [
    user('p1', 0, 'go'),
    agent('a1', 2, 'm1', 'text'),
    user('p2', 600, 'more'),
    agent('a2', 602, 'm2', 'text'),
  ];
  // a resumed file that begins with a copy of the session's later half
  const resumed = [
    user('p2', 600, 'more'),
    user('p3', 900, 'again', OTHER),
    agent('a3', 902, 'm3', 'text', [1, 1], OTHER),
  ];

  it.each([
    ['own first', [own, resumed]],
    ['copy first', [resumed, own]],
  ])('the session began where the earliest file says: %s', (_order, files) => {
    const { sessions } = fold(files.flatMap((lines) => read(lines).events));
    expect(sessions.get(SESSION)).toMatchObject({ createdAt: at(0) });
    expect(sessions.get('session-2')).toMatchObject({ createdAt: at(900) });
  });

  it('a file that grows by a record dated before its first one', () => {
    const grown = [...own, record('system', 'x1', -5, { subtype: 'local_command' })];
    for (const files of [
      [own, grown],
      [grown, own],
    ]) {
      const { sessions } = fold(files.flatMap((lines) => read(lines).events));
      expect(sessions.get(SESSION)).toMatchObject({ createdAt: at(-5) });
    }
  });

  it('of several titles the last one holds, also without a time between them', () => {
    const titled = [...own, { type: 'summary', summary: 'first' }];
    const retitled = [...titled, { type: 'summary', summary: 'second' }];
    for (const files of [
      [titled, retitled],
      [retitled, titled],
    ]) {
      const { sessions } = fold(files.flatMap((lines) => read(lines, { withText: true }).events));
      expect(sessions.get(SESSION)).toMatchObject({ title: 'second' });
    }
  });
});
