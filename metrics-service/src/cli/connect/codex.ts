import { parse, TomlError } from 'smol-toml';
import { Failure } from '../../failure.js';

/** Codex's `[otel]` in its config.toml: https://github.com/openai/codex/blob/main/docs/config.md. Edited line by line: all else stays. */

const BEGIN = '# runboard connect: begin';
const END = '# runboard connect: end';
/** A line that our block stands in for. */
const WAS = '# was: ';

/** The line that sends logs to the service. */
export function codexExporter({ url, token }: { url: string; token: string }): string {
  const headers = `{ "Authorization" = "Bearer ${token}" }`;
  return `exporter = { otlp-http = { endpoint = "${url}/v1/logs", protocol = "binary", headers = ${headers} } }`;
}

/** The configuration with the exporter in `[otel]`, instead of another one there. @throws Failure it cannot be told where */
export function withExporter(text: string, exporter: string, path: string): string {
  check(text, (why) => `is not TOML (${why})`, path);
  const merged = insert(text, exporter, path);
  check(merged, (why) => `cannot be merged into (${why})`, path);
  return merged;
}

/** @throws Failure it is no TOML, in these words */
function check(text: string, said: (why: string) => string, path: string): void {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const why = `line ${error.line}: ${error.message.split('\n', 1)[0]}`;
    throw new Failure(
      `${path} ${said(why)}, and was left as it is: put it right first, or merge what is printed without --write`,
    );
  }
}

function insert(text: string, exporter: string, path: string): string {
  const lines = withoutExporter(text).split('\n');
  const sections = sectionsOf(lines);
  if (isSetElsewhere(lines, sections[0]!)) {
    throw new Failure(
      `${path} sets otel outside of a table [otel], and was left as it is: put what is printed without --write in its place`,
    );
  }
  const own = sections.find(({ name }) => name === 'otel');
  const former = sections
    .filter(({ name }) => name.startsWith('otel.exporter'))
    .flatMap(({ from, to }) => range(from, to));
  const taken = new Set([...former, ...(own ? assignment(lines, own) : [])]);
  const kept = lines.map((line, index) => (taken.has(index) ? `${WAS}${line}` : line));
  if (own) return [...kept.slice(0, own.from + 1), BEGIN, exporter, END, ...kept.slice(own.from + 1)].join('\n');
  const before = kept.join('\n').replace(/\n*$/, '');
  return `${before === '' ? '' : `${before}\n\n`}${BEGIN}\n[otel]\n${exporter}\n${END}\n`;
}

/** The configuration without it, and with the exporter that it stood in for. */
export function withoutExporter(text: string): string {
  const lines = text.split('\n');
  const [begin, end] = [lines.indexOf(BEGIN), lines.indexOf(END)];
  if (begin < 0 || end < begin) return text;
  const isOurTable = lines[begin + 1] === '[otel]';
  // what somebody wrote below it since is in that table
  const next = lines.slice(end + 1).find((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  const table = isOurTable && next !== undefined && !next.trim().startsWith('[') ? ['[otel]'] : [];
  const head = lines.slice(0, begin);
  if (isOurTable && table.length === 0) while (head.at(-1)?.trim() === '') head.pop();
  const rest = [...head, ...table, ...lines.slice(end + 1)];
  return rest.map((line) => (line.startsWith(WAS) ? line.slice(WAS.length) : line)).join('\n');
}

/** A table: its name without quotes and blanks, '' for what stands before the first; its lines, the header's first. */
interface Section {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

function sectionsOf(lines: readonly string[]): Section[] {
  const starts: { name: string; from: number }[] = [{ name: '', from: -1 }];
  let quotes: string | null = null;
  for (const [index, line] of lines.entries()) {
    const [, name] = quotes === null ? (/^\s*\[+([^\]]+)\]+\s*(?:#.*)?$/.exec(line) ?? []) : [];
    if (name !== undefined) starts.push({ name: name.replace(/["'\s]/g, ''), from: index });
    for (const [found] of line.matchAll(/"""|'''/g))
      quotes = quotes === null ? found : quotes === found ? null : quotes;
  }
  return starts.map((start, index) => ({ ...start, to: starts[index + 1]?.from ?? lines.length }));
}

function isSetElsewhere(lines: readonly string[], { from, to }: Section): boolean {
  return lines.slice(from + 1, to).some((line) => /^\s*["']?otel["']?\s*[.=]/.test(line));
}

/** The lines of the table's own `exporter`, whose value may go on over several. */
function assignment(lines: readonly string[], { from, to }: Section): number[] {
  const start = lines.findIndex(
    (line, index) => index > from && index < to && /^\s*["']?exporter["']?\s*[.=]/.test(line),
  );
  if (start < 0) return [];
  let depth = 0;
  for (let index = start; index < to; index += 1) {
    const bare = lines[index]!.replace(/"[^"]*"|'[^']*'|#.*$/g, '');
    depth += (bare.match(/[{[]/g) ?? []).length - (bare.match(/[}\]]/g) ?? []).length;
    if (depth <= 0) return range(start, index + 1);
  }
  return range(start, start + 1);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
