import type { z } from 'zod';
import type { QueryEngine } from './asker.js';

/** One read-only tool: what it takes, and its answer as a text. */
export interface Tool<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Shape;
  /** @throws BadQuestion, BadUsage if the arguments are invalid */
  answer(engine: QueryEngine, input: z.infer<z.ZodObject<Shape>>): Promise<string>;
}

/** Declares a tool, its input typed by its schema. */
export function tool<Shape extends z.ZodRawShape>(definition: Tool<Shape>): Tool {
  return definition;
}
