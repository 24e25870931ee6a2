import type { Boards, Target } from './links.js';

/** A piece of a sentence, and what it leads to. */
export interface Part {
  readonly text: string;
  readonly to?: Target;
  /** a command, to be copied as it is */
  readonly isCommand?: true;
}

/** One sentence. */
export type Sentence = readonly (string | Part)[];

/** The sentence as plain text. */
export function plainText(sentence: Sentence): string {
  return sentence.map((part) => (typeof part === 'string' ? part : part.text)).join('');
}

/** Where the sentence leads: to what its last part does that leads anywhere. */
export function targetOf(sentence: Sentence): Target | null {
  return sentence.flatMap((part) => (typeof part === 'string' ? [] : (part.to ?? []))).at(-1) ?? null;
}

/** The sentence as Markdown, its parts linked where there are boards to lead to: bold, since a colour alone tells not everybody. */
export function markdownOf(sentence: Sentence, boards: Boards | null): string {
  const parts = sentence.map((part) => {
    if (typeof part === 'string') return escaped(part);
    if (part.isCommand) return `\`${part.text}\``;
    return part.to && boards ? `**[${escaped(part.text)}](${boards.url(part.to)})**` : escaped(part.text);
  });
  return parts.join('');
}

/**
 * A text that Markdown takes for nothing else. Grafana writes `<`, `>`, `&` and quotes of a variable as entities before it
 * reads Markdown, so these are not escaped; what could begin a tag is shown by a sign that looks like it.
 */
export function escaped(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replace(/[\\`*_{}[\]()#+\-.!|~$:@^=/]/g, '\\$&');
}
