import { pino, type Logger } from 'pino';
import type { Config } from './config.js';
import { LogFile } from './log-file.js';

/** A log of JSON lines: to stdout for a service, to stderr where stdout is for a person. */
export function openLog(level: Config['logLevel'], to: 'stdout' | 'stderr'): Logger {
  const file = new LogFile(to === 'stdout' ? 1 : 2);
  const log = pino({ level, serializers: { err: describeError } }, file);
  files.set(log, file);
  return log;
}

const files = new WeakMap<Logger, LogFile>();

/** How many lines of that log could not be written. */
export function droppedLines(log: Logger): number {
  return files.get(log)?.dropped ?? 0;
}

/** What of PostgreSQL's errors names things and no values; `detail`, `where` and the like hold whole rows. */
const SAFE_MEMBERS = ['code', 'severity', 'schema', 'table', 'column', 'constraint', 'routine', 'syscall'] as const;
/** Cardinality, data, constraint and raised: these classes of PostgreSQL's errors repeat values in their message. */
const TELLS_VALUES = /^(21|22|23|44|P0)/;

/**
 * An error as far as a log may know it: what kind, where in the code, and its message without what might be somebody's:
 * texts in quotes, e-mail addresses, tokens.
 */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const given = error as Error & Record<string, unknown>;
  const members = SAFE_MEMBERS.flatMap((name) => (typeof given[name] === 'string' ? [[name, given[name]]] : []));
  return {
    type: error.name,
    message: messageOf(given),
    ...(Object.fromEntries(members) as Record<string, string>),
    stack: error.stack?.split('\n').filter((line) => /^ {4}at /.test(line)),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
    ...(error instanceof AggregateError ? { errors: (error.errors as unknown[]).map(describeError) } : {}),
  };
}

function messageOf({ name, message, code }: Error & Record<string, unknown>): string | undefined {
  // JSON.parse repeats a part of its text
  if (name === 'SyntaxError' || (typeof code === 'string' && TELLS_VALUES.test(code))) return undefined;
  return message
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, '"…"')
    .replace(/[^\s@]+@[^\s@]+/g, '…@…')
    .replace(/\b(rbb?_)[\w-]+/g, '$1…');
}
