import type { EntityRow } from './merge.js';
import type { StoredRow } from './store.js';

/** A row before and after this batch; `before` is null for a new one. */
export interface Change<R extends EntityRow = EntityRow> {
  before: StoredRow | null;
  after: R;
}
