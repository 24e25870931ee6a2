import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';
import { Failure } from './failure.js';

/** What the environment says, checked once at the start (design section 3). */
export interface Config {
  /** unset: the embedded PostgreSQL of the data folder */
  databaseUrl: string | undefined;
  /** the same database as the role that owns the tables, where that is another one */
  databaseOwnerUrl: string | undefined;
  port: number;
  host: string;
  logLevel: (typeof LOG_LEVELS)[number];
  dataDir: string;
  demo: boolean;
  /** whether `npm start` starts a Grafana that it finds */
  grafana: boolean;
  /** unset: `grafana` on the PATH */
  grafanaHome: string | undefined;
  /** unset: 3000, or the next that is free */
  grafanaPort: number | undefined;
  /** a built plugin; unset: `npm start` builds the one of the repository */
  pluginDir: string | undefined;
  /** a file that replaces the built-in prices */
  pricesFile: string | undefined;
  maxBodyBytes: number;
  maxEvents: number;
  /** requests answered at a time */
  maxConcurrency: number;
  /** dead letters kept per organization */
  maxDeadLetters: number;
  /** requests a second of one token; 0: no limit */
  rateLimitPerToken: number;
  /** requests a second of one address; 0: no limit */
  rateLimitPerAddress: number;
  /** tokens a minute that open nothing, of one address; 0: no limit */
  rateLimitBadTokens: number;
  /** whose X-Forwarded-For is believed: so many proxies, those addresses, or nobody's */
  trustProxy: number | string[] | false;
  maxConnections: number;
  /** within what a request has to arrive */
  requestTimeoutMs: number;
  /** how long a client may neither send nor take what is its turn */
  stallTimeoutMs: number;
  /** connections to the database, of all kinds of work together */
  poolSize: number;
  statementTimeoutMs: number;
  /** how long a question may take */
  queryTimeoutMs: number;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const integer = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most);

/** What `trust proxy` of Express takes, but for `true`: anybody could say any address then. */
const proxies = z.union([
  integer(1, 100),
  z.string().transform((text, context) => {
    const items = text.split(',').map((item) => item.trim());
    if (!items.every(isNetwork)) context.addIssue('no list of addresses');
    return items;
  }),
]);

function isNetwork(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits = '0', ...more] = text.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)]!;
  return more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}

interface Variable {
  schema: z.ZodType;
  /** what it may be, for the message */
  may: string;
  secret?: boolean;
}

const VARIABLES = {
  DATABASE_URL: {
    schema: z.string().regex(/^postgres(ql)?:\/\//),
    may: 'postgres://user:password@host:5432/database',
    secret: true,
  },
  DATABASE_OWNER_URL: {
    schema: z.string().regex(/^postgres(ql)?:\/\//),
    may: 'as DATABASE_URL, with the role that owns the tables',
    secret: true,
  },
  PORT: { schema: integer(0, 65_535), may: 'a port from 0 (any free one) to 65535' },
  HOST: { schema: z.string().regex(/^[\w.:-]+$/), may: 'an address such as 127.0.0.1 or 0.0.0.0' },
  LOG_LEVEL: { schema: z.enum(LOG_LEVELS), may: `one of ${LOG_LEVELS.join(', ')}` },
  RUNBOARD_DATA_DIR: { schema: z.string(), may: 'a folder' },
  RUNBOARD_DEMO: { schema: z.enum(['0', '1']), may: '0 or 1' },
  RUNBOARD_GRAFANA: { schema: z.enum(['0', '1']), may: '0 or 1' },
  RUNBOARD_PLUGIN: { schema: z.string(), may: 'the folder of a built plugin' },
  GRAFANA_HOME: { schema: z.string(), may: 'the folder of a Grafana' },
  GRAFANA_PORT: { schema: integer(0, 65_535), may: 'a port from 0 (any free one) to 65535' },
  RUNBOARD_PRICES: { schema: z.string(), may: 'a JSON file of prices' },
  RUNBOARD_MAX_BODY_BYTES: { schema: integer(1_024, 1_073_741_824), may: 'bytes from 1024 to 1073741824' },
  RUNBOARD_MAX_EVENTS: { schema: integer(1, 1_000_000), may: 'an integer from 1 to 1000000' },
  RUNBOARD_MAX_CONCURRENCY: { schema: integer(1, 100_000), may: 'an integer from 1 to 100000' },
  RUNBOARD_MAX_DEAD_LETTERS: { schema: integer(0, 10_000_000), may: 'an integer from 0 to 10000000' },
  RUNBOARD_RATE_LIMIT_PER_TOKEN: { schema: integer(0, 1_000_000), may: 'requests a second from 0 (any) to 1000000' },
  RUNBOARD_RATE_LIMIT_PER_ADDRESS: { schema: integer(0, 1_000_000), may: 'requests a second from 0 (any) to 1000000' },
  RUNBOARD_RATE_LIMIT_BAD_TOKENS: { schema: integer(0, 1_000_000), may: 'tokens a minute from 0 (any) to 1000000' },
  RUNBOARD_TRUST_PROXY: {
    schema: proxies,
    may: 'a number of proxies from 1 to 100, or their addresses, such as 10.0.0.0/8,::1 or loopback,linklocal,uniquelocal',
  },
  RUNBOARD_MAX_CONNECTIONS: { schema: integer(1, 1_000_000), may: 'an integer from 1 to 1000000' },
  RUNBOARD_REQUEST_TIMEOUT_MS: { schema: integer(100, 86_400_000), may: 'milliseconds from 100 to 86400000' },
  RUNBOARD_STALL_TIMEOUT_MS: { schema: integer(100, 86_400_000), may: 'milliseconds from 100 to 86400000' },
  RUNBOARD_POOL_SIZE: { schema: integer(8, 1_000), may: 'an integer from 8 to 1000' },
  RUNBOARD_STATEMENT_TIMEOUT_MS: { schema: integer(100, 86_400_000), may: 'milliseconds from 100 to 86400000' },
  RUNBOARD_QUERY_TIMEOUT_MS: { schema: integer(100, 86_400_000), may: 'milliseconds from 100 to 86400000' },
} satisfies Record<string, Variable>;

/** Every variable and what it may be, for people. */
export const VARIABLE_TEXTS: readonly (readonly [name: string, may: string])[] = Object.entries(VARIABLES).map(
  ([name, { may }]) => [name, may],
);

/** A variable of the environment is wrong; the message is one line that says which, and what it may be. */
export class ConfigError extends Failure {}

/** Also of a text that is no address: up to the last @, and what looks like a parameter. */
function withoutPassword(text: string): string {
  return text.replace(/^(\w+:\/+)?.*@/s, '$1***@').replace(/(passw(?:or)?d=)[^&\s]*/gi, '$1***');
}

/** Secrets may lie in files, as containers get them: `<variable>_FILE` names the file. @throws ConfigError */
function secretOfFile(environment: Record<string, string | undefined>, name: string): string | undefined {
  const path = environment[`${name}_FILE`];
  if (!path) return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new ConfigError(`${name}_FILE is ${JSON.stringify(path)}, but must be a file that can be read (${why})`);
  }
}

/**
 * Reads the configuration; an empty variable counts as unset. `defaults` hold for what is unset.
 * @throws ConfigError
 */
export function loadConfig(
  environment: Record<string, string | undefined> = process.env,
  defaults: Partial<Pick<Config, 'logLevel'>> = {},
): Config {
  const read = (name: keyof typeof VARIABLES): unknown => {
    const { schema, may, secret }: Variable = VARIABLES[name];
    const value = environment[name] || (secret ? secretOfFile(environment, name) : undefined);
    if (value === undefined || value === '') return undefined;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const shown = secret ? withoutPassword(value) : value;
    throw new ConfigError(`${name} is ${JSON.stringify(shown)}, but must be ${may}`);
  };
  const databaseUrl = read('DATABASE_URL') as string | undefined;
  const databaseOwnerUrl = read('DATABASE_OWNER_URL') as string | undefined;
  return {
    databaseUrl: databaseUrl ?? databaseOwnerUrl,
    databaseOwnerUrl: databaseOwnerUrl ?? databaseUrl,
    port: (read('PORT') as number | undefined) ?? 8080,
    host: (read('HOST') as string | undefined) ?? '127.0.0.1',
    logLevel: (read('LOG_LEVEL') as Config['logLevel'] | undefined) ?? defaults.logLevel ?? 'info',
    dataDir: (read('RUNBOARD_DATA_DIR') as string | undefined) ?? '.runboard',
    demo: read('RUNBOARD_DEMO') !== '0',
    grafana: read('RUNBOARD_GRAFANA') !== '0',
    grafanaHome: read('GRAFANA_HOME') as string | undefined,
    grafanaPort: read('GRAFANA_PORT') as number | undefined,
    pluginDir: read('RUNBOARD_PLUGIN') as string | undefined,
    pricesFile: read('RUNBOARD_PRICES') as string | undefined,
    maxBodyBytes: (read('RUNBOARD_MAX_BODY_BYTES') as number | undefined) ?? 10 * 1024 * 1024,
    maxEvents: (read('RUNBOARD_MAX_EVENTS') as number | undefined) ?? 10_000,
    maxConcurrency: (read('RUNBOARD_MAX_CONCURRENCY') as number | undefined) ?? 256,
    maxDeadLetters: (read('RUNBOARD_MAX_DEAD_LETTERS') as number | undefined) ?? 10_000,
    rateLimitPerToken: (read('RUNBOARD_RATE_LIMIT_PER_TOKEN') as number | undefined) ?? 2_000,
    rateLimitPerAddress: (read('RUNBOARD_RATE_LIMIT_PER_ADDRESS') as number | undefined) ?? 5_000,
    rateLimitBadTokens: (read('RUNBOARD_RATE_LIMIT_BAD_TOKENS') as number | undefined) ?? 300,
    trustProxy: (read('RUNBOARD_TRUST_PROXY') as number | string[] | undefined) ?? false,
    maxConnections: (read('RUNBOARD_MAX_CONNECTIONS') as number | undefined) ?? 5_000,
    requestTimeoutMs: (read('RUNBOARD_REQUEST_TIMEOUT_MS') as number | undefined) ?? 300_000,
    stallTimeoutMs: (read('RUNBOARD_STALL_TIMEOUT_MS') as number | undefined) ?? 60_000,
    poolSize: (read('RUNBOARD_POOL_SIZE') as number | undefined) ?? 16,
    statementTimeoutMs: (read('RUNBOARD_STATEMENT_TIMEOUT_MS') as number | undefined) ?? 30_000,
    queryTimeoutMs: (read('RUNBOARD_QUERY_TIMEOUT_MS') as number | undefined) ?? 20_000,
  };
}
