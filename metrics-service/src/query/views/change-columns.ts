import type { Metric } from '../../catalogue/index.js';
import { changeKindOf, type ChangeKind } from '../change.js';
import { changeInWords, type Change } from '../changes.js';
import { numberColumn, type FrameColumn } from '../frames.js';

/** How Grafana shows the number of a change. */
const SHOWN: Readonly<Record<ChangeKind, { unit: string; decimals?: number }>> = {
  points: { unit: 'suffix: pp', decimals: 1 },
  difference: { unit: 'short' },
  relative: { unit: 'percentunit', decimals: 1 },
};

/**
 * The changes of a metric, a row each: with an arrow, coloured where they are more than chance, and `–` where there is none
 * or the windows have too few runs. What is shown hangs on the number: where two rows share one, the more careful holds.
 */
export function changeColumn(metric: Metric, changes: readonly Change[], against: string): FrameColumn {
  const kind = changeKindOf(metric);
  return numberColumn(
    `${metric.id}_change`,
    changes.map(({ value }) => value),
    {
      config: {
        displayNameFromDS: `${metric.title} (change)`,
        description: `${DESCRIPTIONS[kind]}, ${against}; coloured where it is more than chance.`,
        ...SHOWN[kind],
        color: { mode: 'fixed', fixedColor: 'text' },
        custom: { cellOptions: { type: 'color-text' } },
        mappings: [{ type: 'value', options: shownChanges(metric, changes) }, NONE],
      },
    },
  );
}

const DESCRIPTIONS: Readonly<Record<ChangeKind, string>> = {
  points: 'Change in percentage points',
  difference: 'Change: the difference',
  relative: 'Change: a ratio',
};

const NONE = { type: 'special', options: { match: 'null', result: { text: '–', index: 0 } } } as const;

function shownChanges(metric: Metric, changes: readonly Change[]) {
  const careful = new Map<number, Change>();
  for (const change of changes) {
    const { value } = change;
    if (value === null) continue;
    const other = careful.get(value) ?? change;
    careful.set(value, {
      value,
      isEnough: change.isEnough && other.isEnough,
      colour: change.colour === other.colour ? change.colour : 'text',
    });
  }
  const shown = [...careful].map(([value, { isEnough, colour }], index) => {
    const text = isEnough ? changeInWords(metric, value) : '–';
    return [String(value), { text, color: isEnough ? colour : 'text', index: index + 1 }] as const;
  });
  return Object.fromEntries(shown);
}
