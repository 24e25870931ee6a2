import type { Field, Frame, Meta } from '../contract/frames.js';

/** A field with its values, before both are split into Grafana's schema and data. */
export interface FrameColumn {
  readonly field: Field;
  readonly values: readonly unknown[];
}

/** A frame's fields and kind. */
export interface FrameBody {
  readonly type?: Meta['type'];
  /** how Grafana's Explore shows a frame without a type */
  readonly visualisation?: Meta['preferredVisualisationType'];
  readonly columns: readonly FrameColumn[];
  /** what programs read of it, in `meta.custom` */
  readonly custom?: Readonly<Record<string, unknown>>;
}

type Config = NonNullable<Field['config']>;
type Labels = Record<string, string>;

function column(
  name: string,
  type: Field['type'],
  typeInfo: Field['typeInfo'],
  values: readonly unknown[],
  { labels, config }: { labels?: Labels | undefined; config?: Config | undefined } = {},
): FrameColumn {
  const labelled = labels && Object.keys(labels).length > 0 ? { labels } : {};
  return { field: { name, type, typeInfo, ...labelled, ...(config ? { config } : {}) }, values };
}

const ALWAYS_KNOWN = new Set(['time', 'timestamp']);

/** Instants in epoch milliseconds. */
export function timeColumn(name: string, values: readonly (number | null)[], config?: Config): FrameColumn {
  const typeInfo = { frame: 'time.Time', ...(ALWAYS_KNOWN.has(name) ? {} : { nullable: true }) } as const;
  return column(name, 'time', typeInfo, values, { config });
}

/** Number fields are always nullable: Grafana reads null in any other field as zero. */
export function numberColumn(
  name: string,
  values: readonly (number | null)[],
  more: { labels?: Labels; config?: Config },
): FrameColumn {
  return column(name, 'number', { frame: 'float64', nullable: true }, values, more);
}

export function textColumn(name: string, values: readonly (string | null)[], config?: Config): FrameColumn {
  return column(name, 'string', { frame: 'string', nullable: true }, values, { config });
}

export function flagColumn(name: string, values: readonly (boolean | null)[], config?: Config): FrameColumn {
  return column(name, 'boolean', { frame: 'bool', nullable: true }, values, { config });
}

/** Objects and lists, as JSON; never null, which Grafana cannot represent there. */
export function jsonColumn(name: string, values: readonly object[], config?: Config): FrameColumn {
  return column(name, 'other', { frame: 'json.RawMessage' }, values, { config });
}

/** The frame in Grafana's wire form: `schema` before `data`. */
export function wireFrame(refId: string, { type, visualisation, columns, custom }: FrameBody, meta: Meta): Frame {
  return {
    schema: {
      refId,
      meta: {
        ...(type ? { type, typeVersion: [0, 1] as [number, number] } : {}),
        ...(visualisation ? { preferredVisualisationType: visualisation } : {}),
        ...meta,
        ...(custom ? { custom: { ...meta.custom, ...custom } } : {}),
      },
      fields: columns.map(({ field }) => field),
    },
    data: { values: columns.map(({ values }) => [...values]) },
  };
}
