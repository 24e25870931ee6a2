import { z } from 'zod';

/**
 * Grafana's wire form (`backend.QueryDataResponse` of grafana-plugin-sdk-go): `schema` must come before `data`, unknown
 * members are not read, times are epoch milliseconds, and only nullable fields keep a null.
 */

export const FRAME_TYPES = ['time.Time', 'float64', 'int64', 'string', 'bool', 'json.RawMessage'] as const;

/** What is shown in place of a value; the data keep the value. */
const shown = z.strictObject({ text: z.string().optional(), color: z.string().optional(), index: z.number() });
const bound = z.number().nullable();

const mapping = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('value'), options: z.record(z.string(), shown) }),
  z.strictObject({
    type: z.literal('range'),
    options: z.strictObject({ from: bound, to: bound, result: shown }),
  }),
  z.strictObject({
    type: z.literal('special'),
    options: z.strictObject({ match: z.enum(['null', 'nan', 'null+nan', 'empty']), result: shown }),
  }),
]);

const field = z.strictObject({
  name: z.string(),
  type: z.enum(['time', 'number', 'string', 'boolean', 'other']),
  typeInfo: z.strictObject({ frame: z.enum(FRAME_TYPES), nullable: z.boolean().optional() }),
  labels: z.record(z.string(), z.string().min(1)).optional(),
  config: z
    .strictObject({
      displayNameFromDS: z.string().optional(),
      description: z.string().optional(),
      unit: z.string().optional(),
      decimals: z.number().optional(),
      interval: z.number().optional(),
      noValue: z.string().optional(),
      min: z.number().optional(),
      max: z.number().optional(),
      mappings: z.array(mapping).optional(),
      color: z.strictObject({ mode: z.literal('fixed'), fixedColor: z.string() }).optional(),
      links: z.array(z.strictObject({ title: z.string(), url: z.string() })).optional(),
      // Grafana's own: how a panel draws the field
      custom: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
});

export const notice = z.strictObject({ severity: z.enum(['info', 'warning', 'error']), text: z.string() });

const meta = z.strictObject({
  type: z
    .enum(['numeric-wide', 'timeseries-multi', 'timeseries-wide', 'table', 'log-lines', 'heatmap-cells'])
    .optional(),
  typeVersion: z.tuple([z.number(), z.number()]).optional(),
  preferredVisualisationType: z.enum(['logs', 'table', 'trace']).optional(),
  custom: z.record(z.string(), z.unknown()).optional(),
  notices: z.array(notice).optional(),
  executedQueryString: z.string().optional(),
});

const schema = z.strictObject({ refId: z.string(), meta, fields: z.array(field) });

export const frame = z.strictObject({
  schema,
  data: z.strictObject({ values: z.array(z.array(z.unknown())) }),
});

export const result = z.union([
  z.strictObject({ status: z.literal(200), frames: z.array(frame) }),
  z.strictObject({ status: z.literal([400, 422, 504]), error: z.string(), errorSource: z.literal('downstream') }),
]);

/** The answer of POST /v1/query. */
export const queryAnswer = z.strictObject({ results: z.record(z.string(), result) });

export type Field = z.infer<typeof field>;
export type Meta = z.infer<typeof meta>;
export type Notice = z.infer<typeof notice>;
export type Frame = z.infer<typeof frame>;
export type Result = z.infer<typeof result>;
export type QueryAnswer = z.infer<typeof queryAnswer>;
