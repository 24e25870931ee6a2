import { expect, it } from '@jest/globals';
import { Tally } from '../../src/importers/tally.js';
import { agent, read, user } from './transcripts.js';

it('counts each session, run and call once, with the usage that wins', () => {
  const lines = [
    user('p1', 0, 'go'),
    agent('a1', 1, 'm1', 'text', [5, 1, 2, 3]),
    agent('a2', 1, 'm1', 'tool', [5, 80, 2, 3]),
  ];
  const [grown, early] = [read(lines).events, read(lines.slice(0, 2)).events];
  for (const order of [
    [grown, early],
    [early, grown, grown],
  ]) {
    const tally = new Tally();
    for (const events of order) tally.add(events);
    expect(tally.totals()).toMatchObject({
      sessions: 1,
      runs: 1,
      calls: 1,
      models: [{ model: 'claude-opus-5', calls: 1, inputTokens: 10, outputTokens: 80 }],
    });
  }
});
