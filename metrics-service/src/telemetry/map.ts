import { claudeCodeEvent, mapClaudeCodeLog } from './claude-code/logs.js';
import { isClaudeCodeMetric, mapClaudeCodePoint } from './claude-code/metrics.js';
import { isClaudeCodeSpan, mapClaudeCodeSpan } from './claude-code/traces.js';
import type { LogRecord, Mapped, MappingRights, TelemetryRecord } from './records.js';
import { textOf } from './values.js';

/** The events that follow from one record of telemetry (telemetry.md); pure, and never an error. */
export function mapRecord(record: TelemetryRecord, rights: MappingRights): Mapped {
  switch (record.signal) {
    case 'logs': {
      const event = claudeCodeEvent(record);
      return event === null ? unknown(nameOfLog(record)) : mapClaudeCodeLog(record, event, rights);
    }
    case 'traces':
      return isClaudeCodeSpan(record) ? mapClaudeCodeSpan(record, rights) : unknown(record.name);
    case 'metrics':
      return isClaudeCodeMetric(record) ? mapClaudeCodePoint(record, rights) : unknown(record.name);
  }
}

function unknown(name: string): Mapped {
  return { name, outcome: 'unknown', events: [] };
}

/** A body may be a text that somebody wrote: only a short word is a name. */
function nameOfLog({ eventName, attributes, body }: LogRecord): string {
  const name = textOf(attributes['event.name']) ?? textOf(eventName);
  const word = textOf(body);
  return name ?? (word !== null && /^[\w.:-]{1,80}$/.test(word) ? word : '');
}
