/** What a token may be used for. */
export const TOKEN_SCOPES = ['ingest', 'directory', 'read', 'delegate', 'admin'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/**
 * Whose word an event is: 1 from a token that may say who somebody is (scope `directory`), else 0. What has the greater
 * rank holds, whatever was said when.
 */
export type Rank = 0 | 1;

/** The kinds of viewers, as Grafana's plugin backend tells them apart. */
export const VIEWER_KINDS = ['user', 'anonymous', 'public', 'alert', 'service-account'] as const;
export type ViewerKind = (typeof VIEWER_KINDS)[number];

/** How much of an organization a viewer may see. */
export const VIEWER_SCOPE_KINDS = ['organization', 'team', 'self', 'totals', 'nothing'] as const;
