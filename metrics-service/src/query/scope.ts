/** What the one who asks may see. For now always the whole organization. */
export interface Scope {
  readonly kind: 'organization';
}

export const ORGANIZATION_SCOPE: Scope = { kind: 'organization' };

/**
 * The conditions that narrow runs (`r`), messages (`m`) and handoffs (`h`) to what the scope may see, before any
 * number is computed. Every statement takes its rows through here: a narrower scope is added in this file only.
 */
export function visible(_scope: Scope, alias: 'r' | 'm' | 'h'): string[] {
  return [`not ${alias}.hidden`];
}
