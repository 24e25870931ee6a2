import { z } from 'zod';

const list = z.array(z.looseObject({})).optional();

/** An Export…ServiceRequest in JSON; its form is OTLP's. */
export const otlpRequest = z
  .looseObject({ resourceLogs: list, resourceSpans: list, resourceMetrics: list })
  .meta({ description: 'An Export…ServiceRequest of opentelemetry-proto, as protobuf’s JSON.' });

const rejected = z.string().optional().meta({ description: 'how many were not taken, an int64 as text' });

export const otlpAnswer = z
  .object({
    partialSuccess: z
      .object({
        rejectedLogRecords: rejected,
        rejectedSpans: rejected,
        rejectedDataPoints: rejected,
        errorMessage: z.string(),
      })
      .optional(),
  })
  .meta({ description: 'An Export…ServiceResponse.' });

export const otlpStatus = z
  .object({ code: z.int().meta({ description: 'a google.rpc.Code' }), message: z.string() })
  .meta({ description: 'google.rpc.Status' });
