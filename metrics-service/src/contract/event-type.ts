import type { z } from 'zod';

/** All that there is to say of an event type (design section 4). */
export interface EventTypeDeclaration<Data extends z.ZodObject = z.ZodObject> {
  /** in one or two sentences */
  says: string;
  /** the member of `data` that is its own moment, used where `time` is missing; null: `time` is required */
  moment: (keyof z.input<Data> & string) | null;
  /** members that are not named here are ignored, and kept in the log */
  data: Data;
  example: z.input<Data>;
}

export function eventType<Data extends z.ZodObject>(declared: EventTypeDeclaration<Data>): EventTypeDeclaration<Data> {
  return declared;
}
