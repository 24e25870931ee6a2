import { describe, expect, it } from '@jest/globals';
import { describeError } from '../src/log.js';

describe('an error in the log', () => {
  it('says what can be said without anybody’s data', () => {
    const error = new TypeError(`no "Ann" for ann@example.com with rb_abc, rbb_abc at 'x'`, {
      cause: new Error('why'),
    });
    expect(describeError(error)).toMatchObject({
      type: 'TypeError',
      message: 'no "…" for …@… with rb_…, rbb_… at "…"',
      cause: { message: 'why' },
    });
    const parsing = (): unknown => JSON.parse('{"ann": 1,}');
    expect(parsing).toThrow();
    expect(describeError(Object.assign(new Error('Ann is twice'), { code: '23505', detail: 'Ann' }))).toMatchObject({
      code: '23505',
      message: undefined,
    });
    expect(JSON.stringify(describeError('Ann'))).not.toContain('Ann');
  });
});
