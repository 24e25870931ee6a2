import { expect, test } from '@jest/globals';
import { areCountsToldApart, areToldApart, newcombe, wilson, Z_95, type Share } from '../../src/query/intervals.js';

function share(text: string): Share {
  const [count, of] = text.split('/').map(Number);
  return { count: count!, of: of! };
}

function rounded(bounds: ReturnType<typeof wilson>): [number, number] | null {
  return bounds && [Number(bounds.low.toFixed(4)), Number(bounds.high.toFixed(4))];
}

// Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3
test.each([
  ['81/263', [0.2553, 0.3662]],
  ['15/148', [0.0624, 0.1605]],
  ['0/20', [0, 0.1611]],
  ['1/29', [0.0061, 0.1718]],
])("Wilson's interval of %s", (text, expected) => {
  expect(rounded(wilson(share(text)))).toEqual(expected);
});

test('Wilson: ends of no and of all cases are exact, and mirror each other', () => {
  expect(wilson(share('0/7'))!.low).toBe(0);
  expect(wilson(share('7/7'))!.high).toBe(1);
  // by hand: high of 0 of n is z²/(n + z²)
  expect(wilson(share('0/7'))!.high).toBeCloseTo(Z_95 ** 2 / (7 + Z_95 ** 2), 14);
  expect(wilson(share('7/7'))!.low).toBeCloseTo(7 / (7 + Z_95 ** 2), 14);
  expect(wilson(share('0/0'))).toBeNull();
});

// Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10
test.each([
  ['56/70', '48/80', [0.0524, 0.3339]],
  ['9/10', '3/10', [0.1705, 0.809]],
  ['6/7', '2/7', [0.0582, 0.8062]],
  ['5/56', '0/29', [-0.0381, 0.1926]],
  ['0/10', '0/20', [-0.1611, 0.2775]],
  ['0/10', '0/10', [-0.2775, 0.2775]],
  ['10/10', '0/20', [0.6791, 1]],
  ['10/10', '0/10', [0.6075, 1]],
])("Newcombe's interval of %s - %s", (one, other, expected) => {
  expect(rounded(newcombe(share(one), share(other)))).toEqual(expected);
  const [low, high] = rounded(newcombe(share(other), share(one)))!;
  expect([0 - high, 0 - low]).toEqual(expected);
});

test('shares are told apart where the interval of the difference leaves 0 out, in either direction', () => {
  expect(areToldApart(share('56/70'), share('48/80'))).toBe(true);
  expect(areToldApart(share('48/80'), share('56/70'))).toBe(true);
  expect(areToldApart(share('5/56'), share('0/29'))).toBe(false);
  expect(areToldApart(share('5/5'), share('0/0'))).toBe(false);
});

test.each([
  // 1.96 · √200 = 27.72
  [114, 86, true],
  [113, 87, false],
  [86, 114, true],
  [0, 0, false],
  // 1.96 · √3 = 3.39, 1.96 · √4 = 3.92
  [3, 0, false],
  [4, 0, true],
])('counts %d and %d are told apart: %s', (one, other, expected) => {
  expect(areCountsToldApart(one, other)).toBe(expected);
});
