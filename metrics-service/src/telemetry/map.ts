import { claudeCodeEvent, mapClaudeCodeLog } from './claude-code/logs.js';
import { isClaudeCodeMetric, mapClaudeCodePoint } from './claude-code/metrics.js';
import { isClaudeCodeSpan, mapClaudeCodeSpan } from './claude-code/traces.js';
import { isCodexLog, mapCodexLog } from './codex/logs.js';
import { isGenAiSpan, mapGenAiSpan } from './genai/traces.js';
import { isGeminiLog, mapGeminiLog } from './gemini/logs.js';
import { logName } from './log-name.js';
import type { LogRecord, Mapped, MappingRights, SpanRecord, TelemetryRecord } from './records.js';

/** What `runboard connect` sends to see that records arrive: it is counted, and leaves nothing else behind. */
export const TEST_RECORD = 'runboard.connect_test';

/** The events that follow from one record of telemetry (telemetry.md); pure, and never an error. */
export function mapRecord(record: TelemetryRecord, rights: MappingRights): Mapped {
  switch (record.signal) {
    case 'logs':
      return mapLog(record, rights);
    case 'traces':
      return mapSpan(record, rights);
    case 'metrics':
      return isClaudeCodeMetric(record) ? mapClaudeCodePoint(record, rights) : unknown(record.name);
  }
}

function mapLog(record: LogRecord, rights: MappingRights): Mapped {
  const event = claudeCodeEvent(record);
  if (event !== null) return mapClaudeCodeLog(record, event, rights);
  if (isCodexLog(record)) return mapCodexLog(record, rights);
  if (isGeminiLog(record)) return mapGeminiLog(record, rights);
  const name = logName(record);
  return name === TEST_RECORD
    ? { name, outcome: 'mapped', note: 'a test of runboard connect', events: [] }
    : unknown(name);
}

function mapSpan(record: SpanRecord, rights: MappingRights): Mapped {
  if (isClaudeCodeSpan(record)) return mapClaudeCodeSpan(record, rights);
  return isGenAiSpan(record) ? mapGenAiSpan(record, rights) : unknown(record.name);
}

function unknown(name: string): Mapped {
  return { name, outcome: 'unknown', events: [] };
}
