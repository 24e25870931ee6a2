import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { failureFingerprint } from '../../src/contract/failure-fingerprint.js';

const text = (summary: string): string | undefined => failureFingerprint(summary)?.text;

describe('the fingerprint of a failure', () => {
  it.each([
    // numbers
    ['2 of 40 tests failed', '<n> of <n> tests failed'],
    ['timed out after 30s', 'timed out after <n>s'],
    ['timed out after 1.5 ms', 'timed out after <n> ms'],
    ['process exited with code -9', 'process exited with code <n>'],
    ['used 1,048,576 tokens (97 %)', 'used <n> tokens (<n> %)'],
    ['expected [1, 2, 3]', 'expected [<n>]'],
    ['worker-3 died', 'worker-<n> died'],
    ['heap of 12GB is full.', 'heap of <n>GB is full'],
    // ids
    ['no run 0b6f7c1e-5d0a-4c77-9a53-0c1f6f0d2b61', 'no run <id>'],
    ['commit 9fceb02d is not on main', 'commit <id> is not on main'],
    ['request req_011CSHoEeqs5C35K2UUqR7Fy failed', 'request <id> failed'],
    ['read at 0x7ffe1234abcd', 'read at <id>'],
    ['container 4f3a9b2c1d0e exited', 'container <id> exited'],
    // paths
    ["ENOENT: no such file or directory, open '/home/ann/shop/a.ts'", 'ENOENT: no such file or directory, open <text>'],
    ['cannot read /home/ann/shop/src/a.ts:12:3', 'cannot read <path>'],
    ['cannot read ./src/a.ts', 'cannot read <path>'],
    ['cannot read ~/shop/a.ts', 'cannot read <path>'],
    ['src/app/cart.test.ts:41 failed', '<path> failed'],
    ['C:\\Users\\ann\\shop\\a.ts(3,1): error TS2345', '<path>(<n>): error TS2345'],
    ['error in cart.ts:41:7', 'error in <path>'],
    // quoted parts
    ['Cannot find module "left-pad"', 'Cannot find module <text>'],
    ["Property 'total' does not exist on type 'Cart'", 'Property <text> does not exist on type <text>'],
    ['tool `Bash` was rejected', 'tool <text> was rejected'],
    ["can't connect, won't retry", "can't connect, won't retry"],
    // times, addresses
    ['rate limited until 2026-01-31T09:30:00Z', 'rate limited until <time>'],
    ['resets at 14:30', 'resets at <time>'],
    ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED <host>'],
    ['GET https://api.example.com/v1/x?id=7 failed', 'GET <url> failed'],
    ['no account ann@example.org', 'no account <email>'],
    // what tells failures apart stays
    ['error TS2345: wrong argument', 'error TS2345: wrong argument'],
    ['spawn E2BIG', 'spawn E2BIG'],
    ['Test failed', 'Test failed'],
    // lines
    ['\n  Build failed:\nline 7', 'Build failed'],
    [
      'Traceback (most recent call last):\n  File "a.py", line 3\nValueError: bad value 17',
      'ValueError: bad value <n>',
    ],
    ['\u001b[31mError:\u001b[0m too long', 'Error: too long'],
    ['a   b\tc', 'a b c'],
  ])('%j is of %j', (summary, expected) => expect(text(summary)).toBe(expected));

  it('has a hash that goes with its text', () => {
    const [one, other] = ['2 of 40 tests failed', '11 of 38 tests failed'].map((summary) =>
      failureFingerprint(summary),
    );
    expect(one).toEqual(other);
    // printf '<n> of <n> tests failed' | sha256sum
    expect(one).toEqual({ hash: '7e42ab6d760363df', text: '<n> of <n> tests failed' });
    expect(failureFingerprint('3 of 40 builds failed')?.hash).not.toBe(one?.hash);
  });

  it.each(['', ' \n\t ', '...', '\u001b[0m'])('there is none of %j', (summary) =>
    expect(failureFingerprint(summary)).toBeNull(),
  );

  it('is its own, and is short', () => {
    const word = fc.oneof(
      fc.string(),
      fc.integer().map(String),
      fc.uuid(),
      fc.constantFrom(
        '/a/b.ts:3',
        '"x"',
        "'y'",
        '<n>',
        'a@b.c',
        'https://a.b/c',
        '0xff',
        'C:\\a\\b',
        '12:30',
        '😀',
        'e2e4e5',
        "it's",
      ),
    );
    fc.assert(
      fc.property(
        fc.array(word).map((words) => words.join(' ')),
        (summary) => {
          const found = failureFingerprint(summary);
          if (!found) return;
          expect([...found.text].length).toBeLessThanOrEqual(200);
          expect(failureFingerprint(found.text)).toEqual(found);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each(['"', "'", 'a/', '\\a', '1.', 'a1', '\u001b[', 'a.', '@a.', 'http://', '<n>', '1-'])(
    'takes no long time over 64 KiB of %j',
    (part) => {
      const before = performance.now();
      failureFingerprint(part.repeat(65_536 / part.length));
      expect(performance.now() - before).toBeLessThan(200);
    },
  );
});
