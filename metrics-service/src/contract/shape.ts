import { z } from 'zod';

/** The schema inside optional and nullable wrappers. */
export function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return unwrapped(schema.unwrap() as z.ZodType);
  return schema;
}

/** All members that a schema names, also those of objects and lists in it. */
export function* membersOf(schema: z.ZodType): Generator<[name: string, schema: z.ZodType]> {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodArray) yield* membersOf(inner.element as z.ZodType);
  if (!(inner instanceof z.ZodObject)) return;
  for (const [name, member] of Object.entries<z.ZodType>(inner.shape)) {
    yield [name, member];
    yield* membersOf(member);
  }
}

/** The most items of each list, or of each object of numbers, among an object's own members, by name. */
export function listBounds(schema: z.ZodObject): [name: string, most: number][] {
  return Object.entries<z.ZodType>(schema.shape).flatMap(([name, member]): [string, number][] => {
    const inner = unwrapped(member);
    const { maximum } = inner._zod.bag as { maximum?: number };
    const most = inner instanceof z.ZodArray ? maximum : inner instanceof z.ZodRecord && inner.meta()?.maxProperties;
    return typeof most === 'number' ? [[name, most]] : [];
  });
}
