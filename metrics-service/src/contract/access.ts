/** What a token may be used for. */
export const TOKEN_SCOPES = ['ingest', 'read', 'delegate', 'admin'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** The kinds of viewers, as Grafana's plugin backend tells them apart. */
export const VIEWER_KINDS = ['user', 'anonymous', 'public', 'alert', 'service-account'] as const;
export type ViewerKind = (typeof VIEWER_KINDS)[number];

/** How much of an organization a viewer may see. */
export const VIEWER_SCOPE_KINDS = ['organization', 'team', 'self', 'totals', 'nothing'] as const;
