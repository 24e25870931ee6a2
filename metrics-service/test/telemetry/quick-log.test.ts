import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { normalized } from '../../src/http/otlp/normalize.js';
import { quickLog } from '../../src/http/otlp/quick-log.js';
import { RECORDS } from '../../src/http/otlp/schema.js';
import { Texts } from '../../src/http/otlp/texts.js';

const ORIGIN = { resource: {}, scope: '' };
const TEXTS = ['', 'x', 'session.id', '__proto__', 'event.timestamp', '2026-03-02T10:00:00.123Z', 'y'.repeat(100), 'é'];
const value = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...TEXTS).map((stringValue) => ({ stringValue })) },
  fc
    .constantFrom(0, 1, -1, 127, 128, 2 ** 31, 2 ** 49 - 1, 2 ** 49, 2 ** 53, '9223372036854775807')
    .map((intValue) => ({ intValue })),
  fc.constantFrom(0, -0, 0.1, -1e300, NaN, Infinity).map((doubleValue) => ({ doubleValue })),
  fc.boolean().map((boolValue) => ({ boolValue })),
  fc.constantFrom({ arrayValue: { values: [{ intValue: 1 }] } }, { bytesValue: Buffer.from('ab') }, {}),
);
const nanos = fc.constantFrom('0', '1772445600123456789', '4102444800000000000', '1772445600');
const record = fc.record(
  {
    timeUnixNano: nanos,
    observedTimeUnixNano: nanos,
    eventName: fc.constantFrom(...TEXTS),
    body: value,
    attributes: fc.array(fc.record({ key: fc.constantFrom(...TEXTS), value }, { requiredKeys: ['key'] }), {
      maxLength: 4,
    }),
  },
  { requiredKeys: [] },
);
/** Fields that OTLP has beside those that are read, and ones that stand there a second time or in another form. */
const more = fc.array(
  fc.constantFrom(
    ...[
      [0x10, 9],
      [0x1a, 1, 0x41],
      [0x38, 0],
      [0x45, 1, 0, 0, 0],
      [0x4a, 2, 1, 2],
      [0x2a, 0],
      [0x08, 1],
      [0x30, 5],
    ],
    ...[
      [0x32, 0],
      [0x32, 3, 0x0a, 1, 0x41],
      [0x32, 2, 0x12, 0],
      [0x2a, 4, 0x18, 1, 0x10, 1],
      [0x0b, 0x0c],
      [0x00],
      [0x98],
    ],
    ...[
      [0x82, 0x01, 1, 0x41],
      [0xfa, 0xff, 0xff, 0xff, 0x0f, 0],
      [0x0a, 0x80, 0x80, 0],
      [0x32, 0x85, 0, 0x0a, 3, 97, 98, 99],
    ],
  ),
  { maxLength: 3 },
);

/** What the library makes of it. */
function slowly(bytes: Buffer): unknown {
  try {
    const reader = protobuf.Reader.create(bytes);
    reader.discardUnknown = true;
    return normalized('logs', RECORDS.logs.decode(reader), ORIGIN);
  } catch {
    return null;
  }
}

/** As it is read after another record of the same body, whose texts are known by then. */
function quickly(bytes: Buffer, before: Uint8Array): unknown {
  // other bytes stand around a record
  const around = Buffer.from([0x32]);
  const body = Buffer.concat([around, before, around, bytes, around]);
  const texts = new Texts(body);
  quickLog(body, { from: 1, to: before.length + 1 }, texts);
  const from = before.length + 2;
  const log = quickLog(body, { from, to: from + bytes.length }, texts);
  return log && normalized('logs', log, ORIGIN);
}

test('a record that is read quickly says what the library reads; one that is cut or overwritten too', () => {
  let quick = 0;
  fc.assert(
    fc.property(record, more, fc.nat(), fc.nat(255), (said, others, place, byte) => {
      const valid = RECORDS.logs.encode(RECORDS.logs.fromObject(said)).finish();
      const bytes = Buffer.concat([valid, Buffer.from(others.flat())]);
      const overwritten = Buffer.from(bytes);
      overwritten[place % (bytes.length + 1)] = byte;
      for (const one of [Buffer.from(valid), bytes, bytes.subarray(0, place % (bytes.length + 1)), overwritten]) {
        const found = quickly(one, valid);
        if (found === null) continue;
        quick += 1;
        expect(found).toEqual(slowly(one));
      }
    }),
    { numRuns: 1_500, seed: 19 },
  );
  expect(quick).toBeGreaterThan(1_000);
});

test('what agents send is read quickly', () => {
  const attributes = [
    { key: 'session.id', value: { stringValue: 's-1' } },
    { key: 'input_tokens', value: { intValue: 48_000 } },
    { key: 'cost_usd', value: { doubleValue: 0.25 } },
    { key: 'success', value: { boolValue: true } },
  ];
  const said = { timeUnixNano: '1772445600123456789', body: { stringValue: 'claude_code.api_request' }, attributes };
  const bytes = Buffer.from(RECORDS.logs.encode(RECORDS.logs.fromObject(said)).finish());
  const log = quickLog(bytes, { from: 0, to: bytes.length }, new Texts(bytes));
  expect(log).toMatchObject({
    at: { ms: 1_772_445_600_123, nanos: 456_789 },
    body: 'claude_code.api_request',
    attributes: { 'session.id': 's-1', input_tokens: 48_000, cost_usd: 0.25, success: true },
  });
});
