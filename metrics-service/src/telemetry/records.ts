import type { CloudEvent } from '../contract/cloud-event.js';
import type { Attributes, Value } from './values.js';

/** A moment as OTLP states it: epoch milliseconds, and the nanoseconds within them. */
export interface Moment {
  readonly ms: number;
  readonly nanos: number;
}

export const SIGNALS = ['logs', 'traces', 'metrics'] as const;
export type Signal = (typeof SIGNALS)[number];

/** What sent a record: the attributes of its resource, and the name of its instrumentation scope. */
export interface Origin {
  readonly resource: Attributes;
  readonly scope: string;
}

export interface LogRecord extends Origin {
  readonly signal: 'logs';
  /** null: none that can be believed */
  readonly at: Moment | null;
  /** '' where the record has none */
  readonly eventName: string;
  readonly body: Value;
  readonly attributes: Attributes;
}

export interface SpanRecord extends Origin {
  readonly signal: 'traces';
  readonly name: string;
  /** in hexadecimal digits; '' where there is none */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly startedAt: Moment | null;
  readonly endedAt: Moment | null;
  readonly failed: boolean;
  readonly attributes: Attributes;
}

/** One data point of a metric. */
export interface PointRecord extends Origin {
  readonly signal: 'metrics';
  readonly name: string;
  readonly kind: 'sum' | 'gauge' | 'other';
  /** of a sum: whether its points follow each other (delta) or each contains those before (cumulative) */
  readonly temporality: 'delta' | 'cumulative' | null;
  readonly startedAt: Moment | null;
  readonly at: Moment | null;
  /** null: none, or not finite */
  readonly value: number | null;
  readonly attributes: Attributes;
}

export type TelemetryRecord = LogRecord | SpanRecord | PointRecord;

/** What a mapping makes of one record. */
export interface Mapped {
  /** the record's name, for people who look for it; '' for one without */
  readonly name: string;
  /** `mapped`: it is known, even if nothing follows from it yet; `unknown`: no mapping; `unusable`: known, but faulty */
  readonly outcome: 'mapped' | 'unknown' | 'unusable';
  /** why, if it is unusable; what was left out, if something was */
  readonly note?: string;
  readonly events: readonly CloudEvent[];
}

/** What the records of one request are mapped with. */
export interface MappingRights {
  /** whether the sender's token may state teams */
  readonly directory: boolean;
  /** what records told in passing so far, by session: most records of a request tell the same */
  readonly seen?: Map<string, Told[]>;
}

/** What a record told in passing, and the events made of it. */
export interface Told {
  readonly values: readonly unknown[];
  readonly events: readonly CloudEvent[];
}
