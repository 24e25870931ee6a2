import pc from 'picocolors';
import { oneLine } from '../table.js';
import { PARTS, type Line, type State } from './line.js';

const MARKS: Readonly<Record<State, string>> = { ok: 'ok', attention: '!!', note: '--', unknown: '??' };

/** The lines under the headings of their parts; below each what to do, and the first of what was found. */
export function doctorText(lines: readonly Line[], rich: boolean): string {
  const { bold, yellow, dim } = pc.createColors(rich);
  const sections = Object.entries(PARTS).map(([part, title]) => {
    const shown = lines
      .filter((line) => line.part === part)
      .flatMap(({ state, found, remedy, details = [] }) => {
        const text = `  ${MARKS[state]}  ${oneLine(found)}`;
        const below = [
          ...details.map((detail) => dim(`        ${oneLine(detail)}`)),
          ...(remedy ? [`      → ${oneLine(remedy)}`] : []),
        ];
        return [state === 'attention' ? yellow(text) : text, ...below];
      });
    return shown.length === 0 ? '' : `${bold(title)}\n${shown.join('\n')}\n`;
  });
  const wrong = lines.filter(({ state }) => state === 'attention').length;
  const last =
    wrong === 0 ? 'nothing needs attention' : `${wrong} ${wrong === 1 ? 'line needs' : 'lines need'} attention (!!)`;
  return `${sections.filter((text) => text !== '').join('\n')}\n${last}\n`;
}
