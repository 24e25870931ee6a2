import { type Catalogue, type RunboardQuery } from '../types';

/** What a field of the editor needs. */
export interface FieldProps {
  catalogue: Catalogue;
  query: RunboardQuery;
  change: (part: Partial<RunboardQuery>) => void;
}
