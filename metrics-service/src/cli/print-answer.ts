import type { AnsweredQuestion } from '../mcp/asker.js';
import type { Notice } from '../contract/frames.js';
import { isRich, noticeLine } from './query.js';
import { renderAnswer } from './render/answer.js';
import type { Surroundings } from './surroundings.js';

const DEFAULT_WIDTH = 120;

/** An answer for people; its notices go to stderr. */
export function printAnswer(
  surroundings: Surroundings,
  answer: AnsweredQuestion,
  { owner, color, groupBy }: { owner: string; color?: boolean; groupBy: readonly string[] },
): void {
  const { stdout } = surroundings;
  const look = { rich: isRich(stdout, color), width: stdout.columns ?? DEFAULT_WIDTH, metrics: [], groupBy };
  stdout.write(renderAnswer(answer, answer.answered, { owner, ...look }));
  printNotices(surroundings, answer.notices, color);
}

export function printNotices({ stderr }: Surroundings, notices: readonly Notice[], color?: boolean): void {
  const inColor = isRich(stderr, color);
  if (notices.length > 0) stderr.write(`\n${notices.map((notice) => noticeLine(notice, inColor)).join('')}`);
}
