import type { Moment } from '../../telemetry/records.js';
import { momentOfHalves } from '../../telemetry/times.js';
import type { Value } from '../../telemetry/values.js';
import type { Range } from './range.js';
import type { Texts } from './texts.js';

/** A log record as `quickLog` reads it. */
export class QuickLog {
  at: Moment | null = null;
  observedAt: Moment | null = null;
  eventName = '';
  body: Value = null;
  readonly attributes = Object.create(null) as Record<string, Value>;
}

/** Tags of opentelemetry-proto: a field's number and how it is encoded. */
const [TIME, OBSERVED, BODY, ATTRIBUTE, EVENT_NAME] = [0x09, 0x59, 0x2a, 0x32, 0x62];
const [KEY, VALUE] = [0x0a, 0x12];
const [TEXT, BOOLEAN, INTEGER, DOUBLE] = [0x0a, 0x10, 0x18, 0x21];
const MOST_TAG = 0x3fff;
const MOST_ATTRIBUTES = 1_000;
/** A varint of so many bytes is exact as a number. */
const EXACT_BYTES = 7;

/**
 * Reads a log record as agents send them: names with a text, number or boolean, in ASCII. Null for any other, which the
 * library reads: a message object for each name and value took more time than all that is made of the record.
 */
export function quickLog(bytes: Buffer, { from, to }: Range, texts: Texts): QuickLog | null {
  const reading = new Reading(bytes, from, to, texts);
  const log = new QuickLog();
  let [bodies, attributes] = [0, 0];
  while (reading.at < to) {
    const tag = reading.varint();
    if (tag === ATTRIBUTE) {
      attributes += 1;
      reading.attribute(log.attributes);
    } else if (tag === TIME) log.at = reading.moment();
    else if (tag === OBSERVED) log.observedAt = reading.moment();
    else if (tag === EVENT_NAME) log.eventName = reading.text();
    else if (tag === BODY) {
      bodies += 1;
      log.body = reading.value();
    } else reading.skip(tag);
  }
  return reading.isUsual && bodies <= 1 && attributes <= MOST_ATTRIBUTES ? log : null;
}

/** A record as far as it is read; what is not usual ends it. */
class Reading {
  isUsual = true;

  constructor(
    private readonly bytes: Buffer,
    public at: number,
    private end: number,
    private readonly texts: Texts,
  ) {}

  private unusual(): void {
    this.isUsual = false;
    this.at = this.bytes.length;
    this.end = 0;
  }

  varint(): number {
    const { bytes, end } = this;
    let [value, factor] = [0, 1];
    for (let count = 0; count < EXACT_BYTES && this.at < end; count += 1) {
      const byte = bytes[this.at]!;
      this.at += 1;
      if (byte < 0x80) return value + byte * factor;
      value += (byte & 0x7f) * factor;
      factor *= 0x80;
    }
    this.unusual();
    return 0;
  }

  /** The length of what follows, which is there. */
  private size(): number {
    const size = this.varint();
    if (size <= this.end - this.at) return size;
    this.unusual();
    return 0;
  }

  /** Begins a part, which says its length; returns where what it stands in ends. */
  private enter(): number {
    const size = this.size();
    const { end } = this;
    this.end = Math.min(end, this.at + size);
    return end;
  }

  /** Every part must have been read to its end. */
  private leave(end: number): void {
    if (this.at !== this.end) this.unusual();
    if (this.isUsual) this.end = end;
  }

  text(): string {
    const to = this.size() + this.at;
    const text = this.texts.read(this.at, to);
    if (text === null) this.unusual();
    else this.at = to;
    return text ?? '';
  }

  private double(): number | null {
    const from = this.skipped(8);
    const number = this.isUsual ? this.bytes.readDoubleLE(from) : NaN;
    return Number.isFinite(number) ? number : null;
  }

  moment(): Moment | null {
    const from = this.skipped(8);
    return this.isUsual ? momentOfHalves(this.bytes.readUInt32LE(from + 4), this.bytes.readUInt32LE(from)) : null;
  }

  attribute(attributes: Record<string, Value>): void {
    const end = this.enter();
    if (this.varint() !== KEY) this.unusual();
    const key = this.text();
    let value: Value = null;
    if (this.at < this.end) {
      if (this.varint() !== VALUE) this.unusual();
      value = this.value();
    }
    this.leave(end);
    if (key !== '') attributes[key] = value;
  }

  /** The one value of an AnyValue; null if there is none. */
  value(): Value {
    const end = this.enter();
    const value = this.at < this.end ? this.only() : null;
    this.leave(end);
    return value;
  }

  private only(): Value {
    const tag = this.varint();
    if (tag === TEXT) return this.text();
    if (tag === INTEGER) return this.varint();
    if (tag === BOOLEAN) return this.varint() !== 0;
    if (tag === DOUBLE) return this.double();
    this.unusual();
    return null;
  }

  /** Fields that are not read. */
  skip(tag: number): void {
    const kind = tag & 7;
    if (tag < 8 || tag > MOST_TAG) this.unusual();
    else if (kind === 0) this.varint();
    else if (kind === 1) this.skipped(8);
    else if (kind === 2) this.skipped(this.size());
    else if (kind === 5) this.skipped(4);
    else this.unusual();
  }

  /** Where the bytes began. */
  private skipped(bytes: number): number {
    const from = this.at;
    if (bytes > this.end - from) this.unusual();
    else this.at += bytes;
    return from;
  }
}
