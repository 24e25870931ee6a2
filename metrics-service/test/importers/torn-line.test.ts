import { describe, expect, it } from '@jest/globals';
import { parseLine } from '../../src/importers/json-lines.js';

const isRecord = ({ type, n }: Record<string, unknown>): boolean => type === 'user' && typeof n === 'number';
const record = (n: number): string =>
  JSON.stringify({ type: 'user', n, message: { content: `"quoted" {brace} }{ \\ back\\slash ü ${n}` } });
const found = (text: string): unknown[] => parseLine(text, isRecord).objects.map(({ n }) => n);

describe('a line that is not one JSON value', () => {
  const [first, second, third] = [record(1), record(2), record(3)];

  it('several objects glued together, with spaces and blocks of NUL between them', () => {
    expect(parseLine(`${first}${second} ${third}`, isRecord)).toMatchObject({ fault: null });
    expect(found(`${first}${second} ${third}`)).toEqual([1, 2, 3]);
    const nul = '\0'.repeat(4096);
    expect(found(`${nul}${first}${nul}${second}${nul}`)).toEqual([1, 2]);
    expect(parseLine(`${nul}${first}`, isRecord).fault).toBe('is only partly JSON');
    expect(parseLine(nul, isRecord)).toEqual({ objects: [], fault: 'is not JSON' });
  });

  it('wherever one is cut off, at its end or its beginning, the others are read', () => {
    for (let cut = 1; cut < first.length; cut += 1) {
      const [head, tail] = [first.slice(0, cut), first.slice(cut)];
      expect({ cut, found: found(head + second + third) }).toEqual({ cut, found: [2, 3] });
      expect({ cut, found: found(tail + second + third) }).toEqual({ cut, found: [2, 3] });
      expect({ cut, found: found(second + head + third) }).toEqual({ cut, found: [2, 3] });
      expect({ cut, found: found(`${head}\0\0\0${second}${tail}${third}`) }).toEqual({ cut, found: [2, 3] });
    }
  });

  it('a piece of a record that is cut off is no record', () => {
    const piece = JSON.stringify({ type: 'progress', data: { type: 'user', inner: { n: 5 } } }).slice(0, -1);
    expect(found(piece + first)).toEqual([1]);
    expect(parseLine('2026-03-01 INFO {"type":"x"}', isRecord)).toEqual({ objects: [], fault: 'is not JSON' });
  });

  it.each<[string, (size: number) => string]>([
    ['a snapshot of many objects', (size) => `{"s":{${'"f":{"v":1},'.repeat(size / 12)}`],
    ['code in a string', (size) => `{"type":"user","n":0,"code":"${'f(){ return {\\"a\\":1}; } '.repeat(size / 25)}`],
    ['open braces', (size) => '{'.repeat(size)],
    ['open objects', (size) => '{"a":'.repeat(size / 5)],
    ['objects that are none', (size) => '{"a":0,}'.repeat(size / 8)],
    ['quotes and braces', (size) => '{"}'.repeat(size / 3)],
    ['closed wrongly', (size) => `${'{"a":'.repeat(size / 6)}x${'}'.repeat(size / 6)}`],
  ])('of 10 MB, in time linear in it: %s', (_, make) => {
    const line = make(10_000_000) + second;
    const startedMs = performance.now();
    expect(found(line)).toEqual([2]);
    // about a second; were it quadratic, hours
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });
});
