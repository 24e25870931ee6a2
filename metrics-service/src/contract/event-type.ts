import type { z } from 'zod';
import type { TokenScope } from './access.js';

/** The definition of an event type (design section 4). */
export interface EventTypeDeclaration<Data extends z.ZodObject = z.ZodObject> {
  /** a description in one or two sentences */
  says: string;
  /** the member of `data` that replaces a missing `time`; null: `time` is required */
  moment: (keyof z.input<Data> & string) | null;
  /** the member that does so where that one is absent */
  otherMoment?: keyof z.input<Data> & string;
  /** unknown members are ignored, and kept in the log */
  data: Data;
  /** members that say who somebody is: only a token with scope `directory` may */
  ofDirectory?: readonly (keyof z.input<Data> & string)[];
  /** the scope that a token needs to send it, and needs no other for; by default `ingest` */
  scope?: Extract<TokenScope, 'ingest' | 'admin'>;
  example: z.input<Data>;
}

export function eventType<Data extends z.ZodObject>(declared: EventTypeDeclaration<Data>): EventTypeDeclaration<Data> {
  return declared;
}
