/** Of a record: the session's own, a copy of another's, or one that does not say when it was made. */
export type Standing = 'own' | 'copy' | 'undated';
