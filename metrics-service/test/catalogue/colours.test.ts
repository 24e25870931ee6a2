import { describe, expect, it, test } from '@jest/globals';
import { MODEL_COLOURS, modelColours, OUTCOME_COLOURS, UNNAMED_COLOUR } from '../../src/catalogue/colours.js';
import { TOKEN_COLOURS } from '../../../dashboards/src/colours.js';

type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

/** Machado, Oliveira and Fernandes 2009, "A physiologically-based model for simulation of color vision deficiency", severity 1. */
const EYES: Readonly<Record<string, Matrix>> = {
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  'no red (protanopia)': [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  'no green (deuteranopia)': [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  'no blue (tritanopia)': [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Grafana 12.4: createVisualizationColors.ts. */
const THEMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dark: {
    'panel-bg': '#181b1f',
    'dark-green': '#37872D',
    'light-red': '#FF7383',
    'light-purple': '#CA95E5',
    'semi-dark-blue': '#3274D9',
    'dark-orange': '#FA6400',
  },
  light: {
    'panel-bg': '#ffffff',
    'dark-green': '#19730E',
    'light-red': '#F2495C',
    'light-purple': '#B877D9',
    'semi-dark-blue': '#1F60C4',
    'dark-orange': '#E55400',
  },
};

/** sRGB as amounts of light. */
function light(hex: string): Vector {
  const channel = (at: number): number => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function times(matrix: Matrix, [r, g, b]: Vector): Vector {
  const [x, y, z] = matrix.map(([i, j, k]) => i * r + j * g + k * b);
  return [x!, y!, z!];
}

const TO_XYZ: Matrix = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];

/** CIE 1976 L*a*b*, where a distance of 2.3 can just be noticed. */
function lab(rgb: Vector): Vector {
  const [r, g, b] = rgb.map((value) => Math.min(1, Math.max(0, value))) as unknown as Vector;
  const [x, y, z] = times(TO_XYZ, [r, g, b]);
  const f = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const [fx, fy, fz] = [f(x / 0.95047), f(y), f(z / 1.08883)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

function distance(one: string, other: string, eye: Matrix): number {
  const [a, b] = [one, other].map((hex) => lab(times(eye, light(hex))));
  return Math.hypot(...a!.map((value, index) => value - b![index]!));
}

/** WCAG 2.1. */
function contrast(one: string, other: string): number {
  const [a, b] = [one, other].map((hex) => times(TO_XYZ, light(hex))[1]).sort((x, y) => y - x);
  return (a! + 0.05) / (b! + 0.05);
}

const SETS: [string, string[]][] = [
  ['outcomes', [...Object.values(OUTCOME_COLOURS), UNNAMED_COLOUR]],
  ['models', [...MODEL_COLOURS, UNNAMED_COLOUR]],
  ['tokens', Object.values(TOKEN_COLOURS)],
];

describe.each(SETS)('the colours of %s', (_, names) => {
  describe.each(Object.entries(THEMES))('on %s', (_, theme) => {
    const colours = names.map((name) => (name.startsWith('#') ? name : theme[name]!));

    it('stand out from the background', () => {
      for (const colour of colours) expect(contrast(colour, theme['panel-bg']!)).toBeGreaterThanOrEqual(3);
    });

    it.each(Object.entries(EYES))('are told apart by eyes with %s', (_, eye) => {
      const pairs = colours.flatMap((one, at) => colours.slice(at + 1).map((other) => [one, other] as const));
      for (const [one, other] of pairs) expect(distance(one, other, eye)).toBeGreaterThanOrEqual(15);
    });
  });
});

test('the distances are those of the published values', () => {
  // white and black: L* 100 and 0; red as eyes without red receptors see it is nearly black
  expect(distance('#ffffff', '#000000', EYES.all!)).toBeCloseTo(100, 1);
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 5);
  expect(lab(light('#ff0000'))).toEqual([53.24, 80.09, 67.2].map((value) => expect.closeTo(value, 1)));
});

describe('colours of models', () => {
  it('stay the same whatever else is shown', () => {
    const [few, many] = [
      modelColours(['claude-opus-4-6', 'gpt-5-codex']),
      modelColours(['nimbus-coder-1', 'gpt-5-codex', 'claude-haiku-4-5', 'claude-opus-4-6']),
    ];
    for (const [model, colour] of few) expect(many.get(model)).toBe(colour);
    expect(new Set(many.values()).size).toBe(4);
  });

  it('differ within a panel, as far as there are colours', () => {
    const versions = [
      'claude-opus-4-1',
      'claude-opus-4-5',
      'claude-opus-4-6',
      'claude-sonnet-4-5',
      'gpt-5',
      'gpt-5-mini',
    ];
    expect(new Set(modelColours(versions).values()).size).toBe(6);
    const twenty = Array.from({ length: 20 }, (_, index) => `model-${index}`);
    const found = modelColours(twenty);
    expect(found.size).toBe(20);
    expect(new Set(found.values())).toEqual(new Set(MODEL_COLOURS));
  });
});
