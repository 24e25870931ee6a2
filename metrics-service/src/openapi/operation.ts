import type { z } from 'zod';
import type { TokenScope } from '../contract/access.js';
import type { ProblemCode } from '../contract/problem.js';
import type { SchemaName } from './schemas.js';

export interface Example {
  readonly summary?: string;
  readonly value: unknown;
}

/** One form of a body: a schema of the document, or a text. */
export interface Content {
  readonly schema: SchemaName | { readonly type: string; readonly description?: string };
  readonly examples: Readonly<Record<string, Example>>;
}

export type Contents = Readonly<Record<string, Content>>;

/** A parameter of path, query string or header; `schema` is its JSON Schema. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description: string;
  readonly schema: z.ZodType;
  readonly required?: boolean;
  readonly example?: unknown;
}

/** A response; without `content` it has no body. */
export interface ResponseDescription {
  readonly description: string;
  readonly content?: Contents;
  /** headers in addition to those of every answer, with an example */
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly example: string }>>;
}

/** The description of one route. */
export interface Operation {
  readonly method: 'get' | 'post' | 'options';
  /** as OpenAPI writes it: `/v1/dimensions/{name}/values` */
  readonly path: string;
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  /** the scope that its token needs; `any`: a token, whatever its scopes; null: no token */
  readonly scope: TokenScope | 'any' | null;
  readonly parameters?: readonly Parameter[];
  readonly body?: { readonly description: string; readonly content: Contents };
  /** the successful responses, by status */
  readonly answers: Readonly<Record<number, ResponseDescription>>;
  /** the errors of this route; those of tokens and of all routes are added */
  readonly problems: readonly ProblemCode[];
  /** how it says errors: as problems, if not said otherwise */
  readonly errors?: 'problem' | 'otlp';
}
