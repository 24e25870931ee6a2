const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const HEIGHTS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const BAR_CELLS = 12;

/** A bar of up to 12 cells in steps of an eighth; any value above 0 shows at least one step. */
export function bar(value: number | null, greatest: number): string {
  if (value === null || value <= 0 || greatest <= 0) return '';
  const eighths = Math.max(1, Math.round((BAR_CELLS * 8 * Math.min(value, greatest)) / greatest));
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
}

/** A character per point from 0 to the greatest value, a space for null. */
export function sparkline(values: readonly (number | null)[]): string {
  const greatest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  return values
    .map((value) => {
      if (value === null) return ' ';
      const step = greatest > 0 ? Math.round((Math.max(value, 0) / greatest) * (HEIGHTS.length - 1)) : 0;
      return HEIGHTS[step]!;
    })
    .join('');
}
