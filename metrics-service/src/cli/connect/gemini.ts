import { z } from 'zod';

/** Gemini CLI's telemetry: https://geminicli.com/docs/cli/telemetry. Its settings have no place for a token: that is a variable. */

type Json = Record<string, unknown>;

/** What is merged into must be of this shape. */
export const GEMINI_SHAPE = z.looseObject({ telemetry: z.record(z.string(), z.unknown()).optional() });

const VARIABLE = 'OTEL_EXPORTER_OTLP_HEADERS';

/** Prompts are not sent; a file, if one was named, would take what is meant for the service. */
export function geminiTelemetry(url: string): Json {
  return { enabled: true, target: 'local', otlpEndpoint: url, otlpProtocol: 'http', logPrompts: false };
}

/** The line of a `.env` file, or of a shell after `export`. */
export function geminiHeaders(token: string): string {
  return `${VARIABLE}=Authorization=Bearer%20${token}`;
}

export function withTelemetry(settings: Json, url: string): Json {
  const telemetry = { ...objectOf(settings.telemetry), ...geminiTelemetry(url) };
  delete telemetry.outfile;
  return { ...settings, telemetry };
}

/** The settings without it: what was set before is as it was. */
export function withoutTelemetry(settings: Json, before: Json): Json {
  const telemetry = { ...objectOf(settings.telemetry) };
  const former = objectOf(before.telemetry);
  for (const name of [...Object.keys(geminiTelemetry('')), 'outfile']) {
    if (name in former) telemetry[name] = former[name];
    else delete telemetry[name];
  }
  const rest = Object.fromEntries(Object.entries(settings).filter(([name]) => name !== 'telemetry'));
  return Object.keys(telemetry).length > 0 || 'telemetry' in before ? { ...rest, telemetry } : rest;
}

/** A `.env` file with the token, instead of another value of the variable. */
export function withHeaders(text: string, token: string): string {
  const others = linesOf(text).filter((line) => !isOwn(line));
  return `${[...others, geminiHeaders(token)].join('\n')}\n`;
}

export function withoutHeaders(text: string, before: string): string {
  const others = linesOf(text).filter((line) => !isOwn(line));
  const lines = [...others, ...linesOf(before).filter(isOwn)];
  return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}

function isOwn(line: string): boolean {
  return new RegExp(`^\\s*(export\\s+)?${VARIABLE}\\s*=`).test(line);
}

function linesOf(text: string): string[] {
  const trimmed = text.replace(/\n+$/, '');
  return trimmed === '' ? [] : trimmed.split('\n');
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
