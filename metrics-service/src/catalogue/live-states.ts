/** What a run that has not ended is doing: it waits to start, goes on, or is not heard of any more. */
export const LIVE_STATES = ['queued', 'running', 'stuck'] as const;
