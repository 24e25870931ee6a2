import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { confirm } from '../../src/cli/confirm.js';

describe('confirm', () => {
  it.each([
    ['y\n', 'goes on'],
    ['Yes \n', 'goes on'],
    ['\n', 'nothing was changed'],
    ['yep\n', 'nothing was changed'],
    ['\x03', 'nothing was changed'],
    ['\x04', 'nothing was changed'],
  ])('answered %j', async (typed, became) => {
    const [stdin, stderr] = [new PassThrough(), new PassThrough()];
    Object.assign(stdin, { isTTY: true });
    // readline takes keys of terminals only
    Object.assign(stderr, { isTTY: true, columns: 80 });
    const surroundings = { stdin, stderr } as unknown as Parameters<typeof confirm>[0];
    const asked = confirm(surroundings, 'Write it?').then(
      () => 'goes on',
      (error: Error) => error.message,
    );
    stdin.write(typed);
    expect(await asked).toBe(became);
  });
});
