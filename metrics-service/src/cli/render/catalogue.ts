import pc from 'picocolors';
import type { describeCatalogue } from '../../catalogue/describe.js';
import { SECTIONS } from '../../catalogue/metric.js';
import { textTable } from './text-table.js';

type Catalogue = ReturnType<typeof describeCatalogue>;

/** Everything that can be queried: metrics by section, then dimensions and their use. */
export function renderCatalogue({ metrics, dimensions }: Catalogue, rich: boolean): string {
  const rows = metrics.map(({ id, unit, definition }) => [`  ${id}`, unit, definition]);
  const [, ...lines] = table(rows);
  const sections = SECTIONS.map((section) => ({
    title: String(section),
    lines: lines.filter((_, index) => metrics[index]!.section === section),
  }));
  const [, ...dimensionLines] = table(
    dimensions.map(({ name, groups, definition }) => [`  ${name}`, groups ? '' : 'filter only', definition]),
  );
  const blocks = [...sections, { title: 'Dimensions, for --by and --filter', lines: dimensionLines }];
  const { bold } = pc.createColors(rich);
  return blocks.map((block) => `${[bold(block.title), ...block.lines].join('\n')}\n`).join('\n');
}

function table(rows: string[][]): string[] {
  return textTable(
    [0, 1, 2].map(() => ({ head: '', align: 'left' })),
    rows,
  );
}
