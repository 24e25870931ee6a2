/** A person to take out of an organization. */
export interface Erasure {
  userId: string;
  /** a new name that says nothing: for what their events call themselves, and with `replaceId` for the user */
  pseudonym: string;
  replaceId: boolean;
  /** who does it, for the audit log */
  actor?: string;
}
