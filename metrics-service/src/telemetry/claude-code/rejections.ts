/** Who rejected a tool call, by the source of the decision; null if it is not known. */
export function rejectedBy(source: string | null): 'person' | 'policy' | null {
  if (source === null) return null;
  return source.startsWith('user_') ? 'person' : 'policy';
}
