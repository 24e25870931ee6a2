import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type ImportedEvent, jsonOf } from './events.js';

/** The service's answer to one batch (design section 4). */
interface Answer {
  accepted: number;
  duplicates: number;
  rejected: { index: number; id: string | null; code: string; path: string; message: string }[];
}

export interface SendOptions {
  /** the service, e.g. http://127.0.0.1:8080 */
  url: string;
  token: string;
  fetch?: typeof fetch;
  sleep?: (ms: number) => Promise<void>;
  /** attempts per request while the service is busy or unreachable; 10 by default */
  attempts?: number;
  /** gets another token (and address) when the service no longer accepts this one */
  renew?: () => Promise<{ url: string; token: string }>;
  /** when it is aborted, nothing is retried */
  signal?: AbortSignal;
  /** called before each wait */
  onRetry?: (reason: string, waitMs: number) => void;
}

/** What has been sent so far; the first rejected events are listed. */
export interface Sent {
  accepted: number;
  duplicates: number;
  rejected: number;
  reasons: { type: string; path: string; message: string }[];
}

/** As many as the service writes in one transaction: fewer transactions cost less. */
const MOST_EVENTS = 2000;
const MOST_BYTES = 4 * 1024 * 1024;
/** Batches under way: the service reads the next ones while the database writes the first. */
const MOST_UNDER_WAY = 3;
const MOST_ATTEMPTS = 10;
/** To this very machine nothing is won by compressing. */
const LOOPBACK = /^https?:\/\/(localhost|127(\.\d+){3}|\[::1\])([:/]|$)/;
const LONGEST_WAIT_MS = 30_000;
const ANSWER_WITHIN_MS = 120_000;
const MOST_REASONS = 20;
const AGAIN = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Sends events in batches, each until it is answered: the ids stay the same, so nothing counts twice. */
export class Sender {
  readonly sent: Sent = { accepted: 0, duplicates: 0, rejected: 0, reasons: [] };
  private waiting: { event: ImportedEvent; json: string }[] = [];
  private bytes = 0;
  private readonly underWay: Promise<void>[] = [];
  /** once: then what answers in another way is not the service */
  private hasAnswered = false;

  constructor(private options: SendOptions) {}

  /** Resolves when there is room for more: some batches are being sent while the next is filled. */
  async add(events: readonly ImportedEvent[]): Promise<void> {
    for (const event of events) {
      const json = jsonOf(event);
      if (this.waiting.length === MOST_EVENTS || this.bytes + json.length > MOST_BYTES) await this.flush();
      this.waiting.push({ event, json });
      this.bytes += json.length;
    }
  }

  /** Sends the rest, and resolves when everything has been answered. */
  async end(): Promise<Sent> {
    await this.flush();
    await Promise.all(this.underWay.splice(0));
    return this.sent;
  }

  private async flush(): Promise<void> {
    const batch = this.waiting;
    this.waiting = [];
    this.bytes = 0;
    if (batch.length === 0) return;
    if (this.underWay.length === MOST_UNDER_WAY) await this.underWay.shift();
    const sending = this.send(batch);
    // a failure is handled at a later await, and must not count as unhandled until then
    sending.catch(() => undefined);
    this.underWay.push(sending);
  }

  private async send(batch: { event: ImportedEvent; json: string }[]): Promise<void> {
    const json = `[${batch.map((item) => item.json).join(',')}]`;
    let reply = await this.post(json);
    if (reply.status === 401 && this.options.renew) {
      this.options = { ...this.options, ...(await this.options.renew()) };
      reply = await this.post(json);
    }
    if (reply.status === 413 && batch.length > 1) {
      const half = Math.ceil(batch.length / 2);
      await this.send(batch.slice(0, half));
      return this.send(batch.slice(half));
    }
    const answer = answerOf(reply);
    if (!answer) throw new Error(refusal(reply, this.options.url));
    this.hasAnswered = true;
    this.sent.accepted += answer.accepted ?? 0;
    this.sent.duplicates += answer.duplicates ?? 0;
    this.sent.rejected += answer.rejected.length;
    for (const { index, path, message } of answer.rejected) {
      if (this.sent.reasons.length >= MOST_REASONS) break;
      this.sent.reasons.push({ type: batch[index]?.event.type ?? 'event', path, message });
    }
  }

  /** Sends one request, with retries while the service is busy or unreachable. */
  private async post(json: string): Promise<Reply> {
    const { url, token, signal, attempts = MOST_ATTEMPTS, sleep = (ms) => waitFor(ms, signal) } = this.options;
    const isNear = LOOPBACK.test(url);
    const body = isNear ? json : await promisify(gzip)(json, { level: 1 });
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/cloudevents-batch+json',
      ...(isNear ? {} : { 'content-encoding': 'gzip' }),
    };
    for (let attempt = 1; ; attempt += 1) {
      const reply = await this.tryOnce(`${url.replace(/\/+$/, '')}/v1/events`, { method: 'POST', headers, body });
      if (typeof reply !== 'string' && !this.isOfAnother(reply) && !AGAIN.has(reply.status)) return reply;
      const reason =
        typeof reply === 'string' ? `${url} cannot be reached (${reply})` : `${url} answered ${reply.status}`;
      if (attempt === attempts || signal?.aborted)
        throw new Error(`${reason}; gave up after ${attempt} attempts. Run the import again to continue`);
      const waitMs = (typeof reply === 'string' ? null : reply.retryAfterMs) ?? backOffMs(attempt);
      this.options.onRetry?.(reason, waitMs);
      await sleep(waitMs);
    }
  }

  /** Whether a service that has answered before is now hidden by something else: the sign-in page of a network, say. */
  private isOfAnother(reply: Reply): boolean {
    return this.hasAnswered && reply.status < 400 && answerOf(reply) === null;
  }

  private async tryOnce(url: string, request: RequestInit): Promise<Reply | string> {
    try {
      const response = await (this.options.fetch ?? fetch)(url, {
        ...request,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      return { status: response.status, retryAfterMs: retryAfterMs(response), text: await response.text() };
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
      return [code, message].find((text) => typeof text === 'string') ?? 'no connection';
    }
  }
}

/** A response that was read to its end. */
interface Reply {
  status: number;
  retryAfterMs: number | null;
  text: string;
}

/** What the service did with a batch; null: this is not its answer. */
function answerOf({ status, text }: Reply): Answer | null {
  if (![200, 207, 422].includes(status)) return null;
  const answer = json(text) as Partial<Answer> | null;
  return Array.isArray(answer?.rejected) ? (answer as Answer) : null;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Waits, at most until the signal is aborted. */
function waitFor(ms: number, signal?: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => undefined);
}

function backOffMs(attempt: number): number {
  return Math.min(LONGEST_WAIT_MS, 250 * 2 ** attempt);
}

function retryAfterMs(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, LONGEST_WAIT_MS) : null;
}

function refusal({ status, text }: Reply, url: string): string {
  if (status === 401) return `${url} does not accept this token: make one with "runboard token create --scope ingest"`;
  if (status === 403) return `the token may not send events to ${url}: it needs the scope "ingest"`;
  // the detail of an RFC 9457 problem
  const { detail, title } = (json(text) ?? {}) as { detail?: unknown; title?: unknown };
  const problem = [detail, title].find((part) => typeof part === 'string') ?? '';
  return `${url} answered ${status}${problem ? `: ${problem}` : ''}`;
}
