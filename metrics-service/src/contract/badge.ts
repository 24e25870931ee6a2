import { z } from 'zod';

/** `GET /v1/badges/{badgeToken}.json`: what the endpoint badge of shields.io reads. */
export const badge = z.strictObject({
  schemaVersion: z.literal(1),
  label: z.string(),
  message: z
    .string()
    .meta({ description: '`$2.47`; `unknown`: no cost is known; `no badge`: the token opens nothing' }),
  color: z.enum(['green', 'yellow', 'orange', 'red', 'lightgrey']),
  isError: z.literal(true).optional(),
  cacheSeconds: z.int(),
});
export type Badge = z.infer<typeof badge>;
