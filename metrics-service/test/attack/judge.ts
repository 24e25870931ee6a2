import { PROBLEM_CODES } from '../../src/contract/problem.js';
import type { Probe } from './document.js';
import type { Asker } from './people.js';
import type { Answer } from './send.js';

const LEAKS = /node_modules|\/src\/[\w/-]+\.[jt]s|\bat \w+.*\(.*:\d+:\d+\)|postgres(ql)?:\/\/|rbb?_[\w-]{27,}/;

/** A connection may end early where more is sent than is read. */
export function brokenOff(error: Error, { body = '' }: Probe): string[] {
  return body.length > 50_000 && /ECONNRESET|EPIPE/.test(String(error)) ? [] : [`no answer (${error.message})`];
}

/** What is wrong with an answer, in words. */
export function wrongIn({ status, type, body }: Answer, probe: Probe, { never }: Asker): string[] {
  const asked = `${decoded(probe.path)}${probe.body ?? ''}`;
  // what was asked with may stand in an error
  const text = [...new Set(asked.match(/canary-[\w-]+/g))]
    .sort((a, b) => b.length - a.length)
    .reduce((rest, word) => rest.replaceAll(word, ''), body);
  return [
    ...(status >= 400 &&
    probe.method !== 'HEAD' &&
    !isProblem(status, type, body) &&
    !isStatusOfOtlp(type, body, probe) &&
    !isGreyBadge(status, body, probe)
      ? [`${status}, and no problem of ours: ${body.slice(0, 300)}`]
      : []),
    ...(status === 500 ? [`an internal error: ${body.slice(0, 300)}`] : []),
    ...(never.test(text) ? [`${never.exec(text)![0]} in the answer (${status})`] : []),
    ...(isTelling(text, probe) ? [`${LEAKS.exec(text)![0].slice(0, 80)} in the answer (${status})`] : []),
  ];
}

/** The documentation of the service shows addresses and a token that opens nothing. */
function isTelling(text: string, { path, body = '', headers }: Probe): boolean {
  if (/^\/(docs|openapi\.json|metrics)/.test(path)) return false;
  const found = LEAKS.exec(text);
  return found !== null && !`${decoded(path)}${body}${Object.values(headers).join(' ')}`.includes(found[0]);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The receiver of OpenTelemetry answers a `Status`, as its protocol says: in JSON, or in protobuf with the message as field 2. */
function isStatusOfOtlp(type: string, body: string, { path }: Probe): boolean {
  if (!/^\/v1\/(logs|metrics|traces)(\?|$)/.test(path)) return false;
  if (type === 'application/x-protobuf') return body.startsWith('\b') || body.startsWith('\u0012');
  return type.startsWith('application/json') && /^\{"code":\d+,"message":".+"\}$/.test(body);
}

/** In the place of a badge that is not there stands one that says so. */
function isGreyBadge(status: number, body: string, { path }: Probe): boolean {
  return status === 404 && path.startsWith('/v1/badges/') && body.includes('no badge');
}

/** RFC 9457, with a code of ours; MCP speaks JSON-RPC, and the answer to events has what was rejected. */
function isProblem(status: number, type: string, body: string): boolean {
  try {
    const said = JSON.parse(body) as { code?: never; status?: number; jsonrpc?: string; rejected?: unknown[] };
    if (status === 422 && said.rejected) return true;
    if (said.jsonrpc === '2.0') return status < 500;
    return type.startsWith('application/problem+json') && PROBLEM_CODES.includes(said.code!) && said.status === status;
  } catch {
    return false;
  }
}
