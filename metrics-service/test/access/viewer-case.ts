import { OF_SCOPE, plain, REASON, type Answer } from './comparable.js';
import type { DataRequest } from './random-requests.js';
import type { Sight, TestViewer, Visibilities } from './viewers.js';

/** One viewer of one random world, with a token of it. */
export interface Case {
  seed: number;
  viewer: TestViewer | null;
  settings: Visibilities;
  sight: Sight;
  token: string;
}

export function isBlind(sight: Sight): boolean {
  return 'userIds' in sight && sight.userIds.size === 0;
}

export function expectSame(one: Case, request: DataRequest, got: Answer, expected: Answer): void {
  const without = isBlind(one.sight) ? REASON : OF_SCOPE;
  const [text, wanted] = [plain(got, without), plain(expected, without)];
  if (text !== wanted) fail(one, request, `got      ${text}\nexpected ${wanted}`);
}

export function fail(one: Case, asked_: unknown, difference: string): never {
  const sight = 'userIds' in one.sight ? [...one.sight.userIds] : one.sight;
  throw new Error(
    [
      difference,
      `seed ${one.seed}`,
      `viewer ${JSON.stringify(one.viewer)} ${JSON.stringify(one.settings)} sees ${JSON.stringify(sight)}`,
      JSON.stringify(asked_),
    ].join('\n'),
  );
}
