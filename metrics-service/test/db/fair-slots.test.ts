import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FairSlots } from '../../src/db/fair-slots.js';
import { mostOfOne } from '../../src/db/shares.js';

let slots: FairSlots;
let begun: string[];
let ends: Record<string, () => void>;

beforeEach(() => {
  [slots, begun, ends] = [new FairSlots(4, 60_000), [], {}];
});
afterEach(async () => {
  // who is let in meanwhile ends with them
  for (const name of begun) await end(name);
});

/** Work of that owner (its first letter), which lasts until it is ended. */
function work(name: string, signal?: AbortSignal): Promise<void> {
  return slots.run(
    { group: name[0]!, person: name[2] },
    () => {
      begun.push(name);
      return new Promise<void>((resolve) => (ends[name] = resolve));
    },
    signal,
  );
}

async function end(name: string): Promise<void> {
  ends[name]!();
  await turn();
}

describe('places that are shared', () => {
  it('are not all for one, however many it wants', async () => {
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) void work(name);
    expect([begun, slots.waiting]).toEqual([['a1', 'a2', 'a3'], 2]);
    void work('b1');
    expect(begun).toEqual(['a1', 'a2', 'a3', 'b1']);
    await end('a2');
    expect(begun.slice(4)).toEqual(['a4']);
  });

  it('go to who has the fewest, then to who waits longest', async () => {
    for (const name of ['a1', 'a2', 'a3', 'b1', 'a4', 'a5', 'b2', 'c1', 'c2']) void work(name);
    await end('a1');
    expect(begun.slice(4)).toEqual(['c1']);
    await end('a2');
    // one place each: a came first
    expect(begun.slice(5)).toEqual(['a4']);
    await end('a3');
    await end('b1');
    await end('c1');
    expect(begun.slice(6)).toEqual(['a5', 'b2', 'c2']);
  });

  it('are not kept for who gives up, or whose patience ends', async () => {
    slots = new FairSlots(1, 1);
    const first = work('a1');
    const gone = new AbortController();
    const waiting = [work('b1', gone.signal), work('c1')];
    gone.abort(new Error('left'));
    await expect(waiting[0]).rejects.toThrow('left');
    await expect(waiting[1]).rejects.toMatchObject({ code: 'busy', status: 503 });
    expect(slots.waiting).toBe(0);
    await end('a1');
    await first;
    void work('d1');
    expect(begun).toEqual(['a1', 'd1']);
  });

  it("are not all of an organization's for one person, however slow", async () => {
    slots = new FairSlots(8, 60_000);
    for (const name of ['a1x', 'a2x', 'a3x', 'a4x', 'a5x']) void work(name);
    expect([begun, slots.waiting]).toEqual([['a1x', 'a2x', 'a3x'], 2]);
    for (const name of ['a6y', 'a7z', 'a8y', 'a9w']) void work(name);
    // six of the organization
    expect(begun.slice(3)).toEqual(['a6y', 'a7z', 'a8y']);
    await end('a1x');
    // x came first, and has two again
    expect(begun.slice(6)).toEqual(['a4x']);
    // people of that name elsewhere are others
    void work('b1x');
    expect(begun.slice(7)).toEqual(['b1x']);
  });

  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 3],
    [8, 6],
    [256, 192],
  ])('of %i one has at most %i', (places, most) => {
    expect(mostOfOne(places)).toBe(most);
  });
});
