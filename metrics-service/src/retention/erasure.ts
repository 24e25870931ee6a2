/** A person to erase from an organization. */
export interface Erasure {
  userId: string;
  /** a new, meaningless name: replaces the ids of their events, and with `replaceId` the user's id */
  pseudonym: string;
  replaceId: boolean;
  /** the actor, for the audit log */
  actor?: string;
}
