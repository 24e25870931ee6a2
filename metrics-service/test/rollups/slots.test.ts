import { describe, expect, it } from '@jest/globals';
import { cutIntoSlots } from '../../src/rollups/slots.js';

const LEVELS = [1440, 60, 5];
const at = (text: string): number => Date.parse(`2026-03-${text}Z`);
const span = (from: string, to: string) => ({ from: at(from), to: at(to) });
const slots = (minutes: number, from: string, to: string) => ({ minutes, ...span(from, to) });

describe('cutIntoSlots', () => {
  it('takes the longest slots, and leaves the two edges', () => {
    expect(cutIntoSlots(span('01T22:53:00.001', '04T01:07:30'), [], LEVELS)).toEqual({
      slots: [
        slots(5, '01T22:55', '01T23:00'),
        slots(60, '01T23:00', '02T00:00'),
        slots(1440, '02T00:00', '04T00:00'),
        slots(60, '04T00:00', '04T01:00'),
        slots(5, '04T01:00', '04T01:05'),
      ],
      raw: [span('01T22:53:00.001', '01T22:55'), span('04T01:05', '04T01:07:30')],
    });
  });

  it('leaves nothing of a span that begins and ends with slots', () => {
    expect(cutIntoSlots(span('02T00:00', '03T00:00'), [], LEVELS)).toEqual({
      slots: [slots(1440, '02T00:00', '03T00:00')],
      raw: [],
    });
  });

  it('leaves dirty slots, adjoining ones and edges as one', () => {
    const dirty = ['01T09:00', '01T10:00', '01T11:30', '01T11:35', '01T12:00'].map(at);
    expect(cutIntoSlots(span('01T09:58', '01T12:03'), dirty, LEVELS)).toEqual({
      slots: [slots(5, '01T10:05', '01T11:30'), slots(5, '01T11:40', '01T12:00')],
      raw: [span('01T09:58', '01T10:05'), span('01T11:30', '01T11:40'), span('01T12:00', '01T12:03')],
    });
  });

  it('takes nothing of a span that holds no slot', () => {
    const short = span('01T10:01', '01T10:09:59.999');
    expect(cutIntoSlots(short, [], LEVELS)).toEqual({ slots: [], raw: [short] });
  });

  it('takes times before 1970 as well', () => {
    const [from, to] = [Date.parse('1969-12-31T23:54Z'), Date.parse('1970-01-01T00:01Z')];
    expect(cutIntoSlots({ from, to }, [], LEVELS)).toEqual({
      slots: [{ minutes: 5, from: from + 60_000, to: 0 }],
      raw: [
        { from, to: from + 60_000 },
        { from: 0, to },
      ],
    });
  });
});
