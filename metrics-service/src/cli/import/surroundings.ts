/** What the commands need of its surroundings. */
export interface ImportSurroundings {
  clock: () => number;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** where agents were told to keep their files */
  environment: Record<string, string | undefined>;
  /** the service to send to and a token for it: those named, or the local service's; `done` ends what was made for it */
  reach: (named: {
    url?: string;
    token?: string;
    org?: string;
    /** with the right to say who somebody is */
    asDirectory?: boolean;
  }) => Promise<{ url: string; token: string; done?: () => Promise<void> }>;
  /** ends --follow (default: Ctrl-C, and what else ends a process) */
  stop?: AbortSignal;
}

/** Of the command for transcripts. */
export interface ImportFlags {
  user?: string;
  repo?: string;
  since?: number;
  dryRun?: boolean;
  url?: string;
  token?: string;
  org?: string;
  withText?: boolean;
  json?: boolean;
  follow?: boolean;
}
