/** A person to erase from an organization. */
export interface Erasure {
  /** any of the ids the person is known under */
  userId: string;
  /** a new, meaningless name: replaces the ids of their events, and with `replaceId` the user's id */
  pseudonym: string;
  replaceId: boolean;
  /** the actor, for the audit log */
  actor?: string;
}

/** All ids of the person who is erased, with what stands in their place from now on: the id itself where it stays. */
export type ErasedIds = ReadonlyMap<string, string>;

/**
 * What stands in an entity's events and row for a user's id: in a hint for both, the other id is most likely theirs, too; in
 * the filters of a budget also for what the person was called.
 */
export function namesIn(
  entity: string,
  { ids, called }: { ids: ErasedIds; called: ErasedIds },
): Pick<ErasedIds, 'get'> {
  const [least] = ids.values();
  if (entity.startsWith('budget:')) return called;
  return entity.startsWith('id_hint:') ? { get: () => least } : ids;
}

/** The same with the words that the person was called by: they stand for the person's first id. */
export function withWords(ids: ErasedIds, words: readonly string[], personId: string): ErasedIds {
  return new Map([...words.map((word): [string, string] => [word, ids.get(personId)!]), ...ids]);
}

/** Names that sort as the ids do: in a circle of aliases the smallest id is the person's. */
export function erasedIds(sortedIds: readonly string[], { pseudonym, replaceId }: Erasure): ErasedIds {
  const width = String(sortedIds.length).length;
  const nameOf = (index: number): string =>
    sortedIds.length === 1 ? pseudonym : `${pseudonym}-${String(index + 1).padStart(width, '0')}`;
  return new Map(sortedIds.map((id, index) => [id, replaceId ? nameOf(index) : id]));
}
