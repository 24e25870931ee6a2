/** What the commands need from their surroundings. */
export interface ImportSurroundings {
  clock: () => number;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** where agents were told to keep their files */
  environment: Record<string, string | undefined>;
  /** the service to send to and a token for it: those named, or the local service's; `done` deletes a token made for it */
  reach: (named: {
    url?: string;
    token?: string;
    org?: string;
    /** with the scope directory */
    asDirectory?: boolean;
  }) => Promise<{ url: string; token: string; done?: () => Promise<void> }>;
  /** stops --follow (default: Ctrl-C and other signals) */
  stop?: AbortSignal;
}

/** The flags of the command for transcripts. */
export interface ImportFlags {
  user?: string;
  repo?: string;
  workItem?: string;
  since?: number;
  dryRun?: boolean;
  url?: string;
  token?: string;
  org?: string;
  withText?: boolean;
  json?: boolean;
  follow?: boolean;
  install?: boolean;
  uninstall?: boolean;
}
