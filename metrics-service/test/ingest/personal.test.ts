import { describe, expect, it } from '@jest/globals';
import { EVENT_TYPES, eventTypes } from '../../src/contract/events.js';
import { holdsOf, type Holds } from '../../src/contract/holds.js';
import { membersOf, unwrapped } from '../../src/contract/shape.js';
import { MAX_TEXT_BYTES } from '../../src/contract/values.js';
import { withoutPerson } from '../../src/retention/personal.js';

const PSEUDONYM = 'erased-0123456789ab';

describe('withoutPerson', () => {
  it('knows every free text and every person that an event can name', () => {
    const found = EVENT_TYPES.flatMap((type) =>
      [...membersOf(eventTypes[type].data)].map(([name, schema]) => ({ name, schema, path: `${type} ${name}` })),
    );
    const holding = (...kinds: (Holds | null)[]) =>
      found.filter(({ schema }) => kinds.includes(holdsOf(schema))).map(({ path }) => path);
    const free = found.filter(({ schema }) => unwrapped(schema).meta()?.maxLength === MAX_TEXT_BYTES);
    expect(free.length).toBeGreaterThan(3);
    expect(holding('words', 'text')).toEqual(expect.arrayContaining(free.map(({ path }) => path)));
    const persons = found.filter(({ name }) => /user(id)?$/i.test(name));
    expect(persons.length).toBeGreaterThan(3);
    expect(holding('person')).toEqual(expect.arrayContaining(persons.map(({ path }) => path)));
    expect(holding('words')).toEqual(expect.arrayContaining(['user.upserted name', 'user.upserted email']));
    expect(holding('text')).toContain('message.created text');
  });

  it('keeps what numbers are made of, and no member that is not ours', () => {
    const data = {
      runId: 'r',
      completedAt: '2026-01-01T00:00:00Z',
      status: 'FAILED',
      errorSummary: 'Ann’s key was refused',
      costUsd: '0.5',
      usage: [{ model: 'm', inputTokens: 1, outputTokens: 2, note: 'asked by Ann', cacheReadTokens: null }],
      phases: [{ name: 'plan', startedAt: '2026-01-01T00:00:00Z', completedAt: '2026-01-01T00:00:01Z', by: 'Ann' }],
      artifacts: { linesAdded: 3, author: 'Ann' },
      prompt: 'Ann asks',
    };
    expect(withoutPerson('run.completed', data, { ids: new Map([['ann', PSEUDONYM]]) })).toEqual({
      runId: 'r',
      completedAt: '2026-01-01T00:00:00Z',
      status: 'FAILED',
      errorSummary: '',
      costUsd: '0.5',
      usage: [{ model: 'm', inputTokens: 1, outputTokens: 2, cacheReadTokens: null }],
      phases: [{ name: 'plan', startedAt: '2026-01-01T00:00:00Z', completedAt: '2026-01-01T00:00:01Z' }],
      artifacts: { linesAdded: 3 },
    });
  });
});
