import { idOfParts } from '../events.js';
import type { Mapped, MappingRights, PointRecord } from '../records.js';
import { isoOf } from '../../iso.js';
import { momentText } from '../times.js';
import { Context } from './context.js';

const PREFIX = 'claude_code.';

/** What a session's counter counts, by its name and its attribute `type`. */
const COUNTS: Readonly<Record<string, string>> = {
  'claude_code.commit.count ': 'commits',
  'claude_code.pull_request.count ': 'pull_requests',
  'claude_code.lines_of_code.count added': 'lines_added',
  'claude_code.lines_of_code.count removed': 'lines_deleted',
};

/** Known, and not taken: logs say it request by request, or nothing asks for it yet. */
const NOT_TAKEN = new Set(
  ['session.count', 'cost.usage', 'token.usage', 'code_edit_tool.decision', 'active_time.total'].map(
    (name) => PREFIX + name,
  ),
);

export function isClaudeCodeMetric({ name }: PointRecord): boolean {
  return name.startsWith(PREFIX);
}

/**
 * Maps one point of Claude Code's metrics. The points of a delta series are counts of their own; a cumulative series is
 * one count whose value the later point replaces, until a restart begins another one. Pure.
 */
export function mapClaudeCodePoint(point: PointRecord, rights: MappingRights): Mapped {
  const { name, attributes, at, startedAt, value, temporality } = point;
  if (NOT_TAKEN.has(name)) return { name, outcome: 'mapped', note: 'is not taken from metrics', events: [] };
  const type = typeof attributes.type === 'string' ? attributes.type : '';
  const counted = COUNTS[`${name} ${type}`];
  if (counted === undefined) return { name, outcome: 'unknown', events: [] };
  if (at === null) return { name, outcome: 'unusable', note: 'has no time between 2000 and 2100', events: [] };
  const start = momentText(startedAt);
  const series = [name, stable(attributes), stable(point.resource), start];
  const identity = temporality === 'cumulative' ? series : [...series, momentText(at)];
  const context = new Context(name, point, attributes, at.ms, [...series, momentText(at)].join('\n'), rights);
  const { sessionId, userIds } = context;
  if (sessionId === null) return context.unusable('has no session.id');
  if (point.kind !== 'sum' || temporality === null) return context.unusable('is no sum with a temporality');
  if (value === null || !Number.isSafeInteger(value) || value < 0) return context.unusable('has no count as its value');
  const count = {
    countId: idOfParts(...identity),
    sessionId,
    name: counted,
    value,
    at: isoOf(at.ms),
    userId: userIds[0],
  };
  return context.mapped([context.event('count.recorded', count)]);
}

/** Attributes as a text that does not depend on their order. */
function stable(attributes: PointRecord['attributes']): string {
  return JSON.stringify(
    Object.keys(attributes)
      .sort()
      .map((name) => [name, attributes[name]]),
  );
}
