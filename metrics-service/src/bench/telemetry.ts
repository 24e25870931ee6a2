import { setTimeout as sleep } from 'node:timers/promises';
import protobuf from 'protobufjs';
import { RECORDS, RESOURCE, SCOPE } from '../http/otlp/schema.js';
import { BENCH_START_MS } from './events.js';
import { percentile } from './percentile.js';
import { sendBodies } from './send.js';
import type { BenchService } from './service.js';

export interface TelemetryFigures {
  records: number;
  seconds: number;
  serviceMemoryMb: number;
  /** of hooks, sent one after the other at a steady pace */
  hooks: { perSecond: number; sent: number; refused: number; medianMs: number; p95Ms: number };
}

interface Load {
  records: number;
  /** records in a request */
  batch: number;
  senders: number;
  hookSeconds: number;
}

const HOOKS_PER_SECOND = 200;
const MINUTE_MS = 60_000;

/** Sends log records of Claude Code as protobuf, then hooks; the bodies are made beforehand. */
export async function benchTelemetry(
  service: BenchService,
  { records, batch, senders, hookSeconds }: Load,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<TelemetryFigures> {
  const bodies = bodiesOf(records, batch);
  const onSent = (sent: number): void => onProgress(Math.min(sent * batch, records), records);
  const to = { path: '/v1/logs', contentType: 'application/x-protobuf' };
  const start = performance.now();
  await sendBodies(service, bodies.values(), { senders, onSent, to });
  const seconds = (performance.now() - start) / 1_000;
  const { most } = await service.memoryMb();
  return { records, seconds, serviceMemoryMb: most, hooks: await benchHooks(service, hookSeconds) };
}

/** 200 hooks a second, of 200 sessions; the time of each from when it was due. */
async function benchHooks({ url, token }: BenchService, seconds: number): Promise<TelemetryFigures['hooks']> {
  const sent = HOOKS_PER_SECOND * seconds;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  let refused = 0;
  const start = performance.now();
  const post = async (index: number): Promise<number> => {
    const dueMs = start + (index * 1_000) / HOOKS_PER_SECOND;
    await sleep(Math.max(0, dueMs - performance.now()));
    const turn = Math.floor(index / HOOKS_PER_SECOND);
    const hook = {
      session_id: `hook-session-${index % HOOKS_PER_SECOND}`,
      prompt_id: `prompt-${Math.floor(turn / 2)}`,
      hook_event_name: turn % 2 === 0 ? 'UserPromptSubmit' : 'Stop',
      prompt: 'what is this?',
    };
    const body = JSON.stringify(hook);
    const response = await fetch(`${url}/v1/hooks/claude-code`, { method: 'POST', headers, body });
    await response.arrayBuffer();
    if (response.status !== 200) refused += 1;
    return performance.now() - dueMs;
  };
  const tookMs = (await Promise.all(Array.from({ length: sent }, (_, index) => post(index)))).sort((a, b) => a - b);
  return {
    perSecond: HOOKS_PER_SECOND,
    sent,
    refused,
    medianMs: percentile(tookMs, 0.5),
    p95Ms: percentile(tookMs, 0.95),
  };
}

/** Export…ServiceRequests of so many records each. */
export function bodiesOf(records: number, batch: number): Buffer[] {
  const resource = RESOURCE.encode(
    RESOURCE.fromObject({ attributes: attributesOf({ 'service.name': 'claude-code' }) }),
  );
  const scope = SCOPE.encode(SCOPE.fromObject({ name: 'com.anthropic.claude_code.events' }));
  const [ofResource, ofScope] = [resource.finish(), scope.finish()];
  const bodies: Buffer[] = [];
  const source = logRecords();
  for (let made = 0; made < records; made += batch) {
    const scopeLogs = protobuf.Writer.create().uint32(tag(1)).bytes(ofScope);
    for (let index = 0; index < Math.min(batch, records - made); index += 1) {
      scopeLogs.uint32(tag(2)).bytes(source.next().value!);
    }
    const resourceLogs = protobuf.Writer.create();
    resourceLogs.uint32(tag(1)).bytes(ofResource).uint32(tag(2)).bytes(scopeLogs.finish());
    bodies.push(Buffer.from(protobuf.Writer.create().uint32(tag(1)).bytes(resourceLogs.finish()).finish()));
  }
  return bodies;
}

/** Of a length-delimited field. */
const tag = (field: number): number => (field << 3) | 2;

type Attributes = Record<string, string | number>;

function attributesOf(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: value },
  }));
}

/** Twenty records a prompt, as an agent with tools and some hooks makes them. */
function* logRecords(): Generator<Uint8Array, void> {
  let sequence = 0;
  const record = (event: string, atMs: number, session: string, prompt: string, more: Attributes): Uint8Array => {
    const time = `${atMs}000000`;
    const attributes = {
      'event.name': event,
      'event.timestamp': new Date(atMs).toISOString(),
      'event.sequence': (sequence += 1),
      'session.id': session,
      'prompt.id': prompt,
      'user.id': 'b6f1c7e2a7c94f0d9a51c0e1f2d3b4a5',
      'user.email': `user-${sequence % 200}@example.com`.replace(/\d+/, String(session.length % 7)),
      'user.account_uuid': '0c9a2f0e-52a8-4c5b-9e0d-7f6a5b4c3d2e',
      'organization.id': '5f0c7a1e-0000-4000-8000-000000000000',
      'terminal.type': 'vscode',
      'app.version': '2.1.274',
      ...more,
    };
    const said = {
      timeUnixNano: time,
      body: { stringValue: `claude_code.${event}` },
      attributes: attributesOf(attributes),
    };
    return RECORDS.logs.encode(RECORDS.logs.fromObject(said)).finish();
  };
  for (let turn = 0; ; turn += 1) {
    const session = `5e551011-0000-4000-8000-${String(Math.floor(turn / 5)).padStart(12, '0')}`;
    const prompt = `9a0b1c2d-0000-4000-8000-${String(turn).padStart(12, '0')}`;
    const atMs = BENCH_START_MS + turn * MINUTE_MS;
    const of = (event: string, s: number, more: Attributes = {}): Uint8Array =>
      record(event, atMs + s * 1_000, session, prompt, more);
    yield of('user_prompt', 0, { prompt_length: 120, prompt: '<REDACTED>', 'message.uuid': `uuid-${turn}` });
    for (let call = 0; call < 4; call += 1) {
      const tool = { tool_name: 'Bash', tool_use_id: `toolu_${turn}_${call}` };
      yield of('api_request', call * 10 + 4, {
        ...{ model: 'claude-sonnet-4-6', input_tokens: 12, output_tokens: 340, cache_read_tokens: 48_000 },
        ...{
          cache_creation_tokens: 900,
          cost_usd_micros: 21_000,
          duration_ms: 3_900,
          request_id: `req_${turn}_${call}`,
        },
        ...{ speed: 'normal', query_source: 'repl_main_thread', effort: 'high' },
      });
      yield of('tool_decision', call * 10 + 5, { ...tool, decision: 'accept', source: 'config' });
      yield of('tool_result', call * 10 + 8, {
        ...tool,
        success: 'true',
        duration_ms: 2_900,
        tool_result_size_bytes: 812,
      });
    }
    yield of('assistant_response', 35, {
      response_length: 400,
      request_id: `req_${turn}_3`,
      query_source: 'repl_main_thread',
    });
    for (const event of ['hook_registered', 'hook_execution_start', 'hook_execution_complete']) {
      yield of(event, 1, { hook_event: 'Stop', num_hooks: 1 });
      yield of(event, 36, { hook_event: 'Stop', num_hooks: 1 });
    }
  }
}
