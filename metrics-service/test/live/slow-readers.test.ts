import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { Feed } from '../../src/live/feed.js';
import { Stream } from '../../src/live/stream.js';

/** An answer that takes what it is given, or does not. */
class SlowSink {
  written: string[] = [];
  writableLength = 0;
  isDestroyed = false;
  #drained = (): void => {};

  write(text: string): void {
    this.written.push(text);
  }

  once(_event: 'drain', listener: () => void): void {
    this.#drained = listener;
  }

  drain(): void {
    this.writableLength = 0;
    this.#drained();
  }

  end(): void {}

  destroy(): void {
    this.isDestroyed = true;
  }
}

let sink: SlowSink;
let stream: Stream;
beforeEach(() => {
  jest.useFakeTimers();
  sink = new SlowSink();
  const asker = { orgId: 'acme', viewer: null };
  stream = new Stream(asker, 'token', { filters: {}, limit: 10 }, () => sink);
  const feed = { sendAll: (reader: Stream) => reader.send('all'), leave: () => {} };
  stream.feed = feed as unknown as Feed;
});
afterEach(() => {
  jest.useRealTimers();
});

it('a reader who is behind gets nothing of what changes meanwhile, then all as it is', () => {
  stream.send('1');
  sink.writableLength = 70_000;
  stream.send('2');
  for (let change = 3; change < 100; change += 1) stream.send(String(change));
  expect(sink.written).toEqual(['retry: 1000\n\n', '1', '2']);
  sink.drain();
  expect(sink.written.slice(3)).toEqual(['all']);
  stream.send('100');
  expect(sink.written.slice(4)).toEqual(['100']);
});

it('one who stays behind for five seconds is cut', () => {
  sink.writableLength = 70_000;
  stream.send('1');
  jest.advanceTimersByTime(4_999);
  stream.beat();
  expect(sink.isDestroyed).toBe(false);
  jest.advanceTimersByTime(1);
  stream.beat();
  expect([sink.isDestroyed, stream.isClosed]).toEqual([true, true]);
});

it('one to whom nothing was said for ten seconds hears that it is alive', () => {
  stream.send('1');
  jest.advanceTimersByTime(9_999);
  stream.beat();
  jest.advanceTimersByTime(1);
  stream.beat();
  stream.beat();
  expect(sink.written.slice(2)).toEqual([': alive\n\n']);
});
