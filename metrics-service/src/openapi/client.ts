import type { z } from 'zod';
import type { dimensionValuesAnswer } from '../contract/answers.js';
import type { querySchema } from '../contract/query.js';
import type { catalogueAnswer } from './catalogue.js';
import type { askedQuery } from './query.js';

/** What a client of the service needs to know of it: types only, so that it takes nothing of the service along. */

/** The members of an object type that are named, without those that a loose one may have besides. */
type Named<T> = { [Key in keyof T as string extends Key ? never : number extends Key ? never : Key]: T[Key] };

/** One question as it is saved: template variables may stand wherever there is text. */
export type SavedQuery = Named<z.input<typeof querySchema>>;

/** The same with the words that the service understands. */
export type AskedQuery = Named<z.input<typeof askedQuery>>;

/** The answer of GET /v1/catalogue. */
export type Catalogue = z.input<typeof catalogueAnswer>;

/** The answer of GET /v1/dimensions/{name}/values. */
export type DimensionValues = z.infer<typeof dimensionValuesAnswer>;

export type { AD_HOC_OPERATORS, NONE, QUERY_VERSION } from '../contract/query.js';
