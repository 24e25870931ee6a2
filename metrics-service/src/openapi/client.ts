import type { z } from 'zod';
import type { dimensionValuesAnswer } from '../contract/answers.js';
import type { querySchema } from '../contract/query.js';
import type { catalogueAnswer } from './catalogue.js';
import type { askedQuery } from './query.js';

/** The types that a client of the service needs; types only, so that no code of the service comes with them. */

/** The named members of an object type, without the index signature of a loose one. */
type Named<T> = { [Key in keyof T as string extends Key ? never : number extends Key ? never : Key]: T[Key] };

/** A query as it is saved: any text may be a template variable. */
export type SavedQuery = Named<z.input<typeof querySchema>>;

/** The same with the names that the service accepts. */
export type AskedQuery = Named<z.input<typeof askedQuery>>;

/** The answer of GET /v1/catalogue. */
export type Catalogue = z.input<typeof catalogueAnswer>;

/** The answer of GET /v1/dimensions/{name}/values. */
export type DimensionValues = z.infer<typeof dimensionValuesAnswer>;

export type { AD_HOC_OPERATORS, NONE, QUERY_VERSION } from '../contract/query.js';
