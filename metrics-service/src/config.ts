import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';
import { ENGINES } from './db/database.js';
import { Failure } from './failure.js';

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

const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//);
const port = integer(0, 65_535);
const PORTS = 'a port from 0 (any free one) to 65535';
const flag = z
  .enum(['0', '1'])
  .default('1')
  .transform((value) => value === '1');

/** What a variable is called and, for the message, what it may be. */
interface Variable {
  readonly variable: string;
  readonly may: string;
  readonly secret?: boolean;
}

const setting = <Schema extends z.ZodType>(variable: string, schema: Schema, may: string, secret = false) =>
  schema.meta({ variable, may, secret } satisfies Variable);

const count = (variable: string, least: number, most: number, value: number, what = 'an integer from') =>
  setting(variable, integer(least, most).default(value), `${what} ${least} to ${most}`);

const rate = (variable: string, value: number, what: string) =>
  setting(variable, integer(0, 1_000_000).default(value), `${what} from 0 (any) to 1000000`);

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000 };

/** `2s`, `15m`, `2h`, up to 23 hours, in milliseconds. */
const duration = z
  .string()
  .regex(/^[1-9]\d{0,4}[smh]$/)
  .transform((text) => Number(text.slice(0, -1)) * UNITS[text.slice(-1) as keyof typeof UNITS])
  .refine((ms) => ms <= 23 * UNITS.h);

const milliseconds = (variable: string, value: number) => count(variable, 100, 86_400_000, value, 'milliseconds from');

const settings = z.object({
  /** unset: the embedded PostgreSQL of the data folder */
  databaseUrl: setting('DATABASE_URL', postgresUrl.optional(), 'postgres://user:password@host:5432/database', true),
  /** the same database as the role that owns the tables, where that is another one */
  databaseOwnerUrl: setting(
    'DATABASE_OWNER_URL',
    postgresUrl.optional(),
    'as DATABASE_URL, with the role that owns the tables',
    true,
  ),
  port: setting('PORT', port.default(8080), PORTS),
  host: setting(
    'HOST',
    z
      .string()
      .regex(/^[\w.:-]+$/)
      .default('127.0.0.1'),
    'an address such as 127.0.0.1 or 0.0.0.0',
  ),
  logLevel: setting('LOG_LEVEL', z.enum(LOG_LEVELS).default('info'), `one of ${LOG_LEVELS.join(', ')}`),
  dataDir: setting('RUNBOARD_DATA_DIR', z.string().default('.runboard'), 'a folder'),
  demo: setting('RUNBOARD_DEMO', flag, '0 or 1'),
  /** whether `npm start` keeps a small fleet of the demo at work */
  demoLive: setting('RUNBOARD_DEMO_LIVE', flag, '0 or 1'),
  /** whether `npm start` starts a Grafana that it finds */
  grafana: setting('RUNBOARD_GRAFANA', flag, '0 or 1'),
  /** a built plugin; unset: `npm start` builds the one of the repository */
  pluginDir: setting('RUNBOARD_PLUGIN', z.string().optional(), 'the folder of a built plugin'),
  /** unset: `grafana` on the PATH */
  grafanaHome: setting('GRAFANA_HOME', z.string().optional(), 'the folder of a Grafana'),
  /** unset: 3000, or the next that is free */
  grafanaPort: setting('GRAFANA_PORT', port.optional(), PORTS),
  /** where the boards are, for the page at the service's own address */
  boardsUrl: setting(
    'RUNBOARD_BOARDS_URL',
    z.url({ protocol: /^https?$/ }).optional(),
    'an address such as https://grafana.example.org/d/runboard-overview',
  ),
  /** a file that replaces the built-in prices */
  pricesFile: setting('RUNBOARD_PRICES', z.string().optional(), 'a JSON file of prices'),
  maxBodyBytes: count('RUNBOARD_MAX_BODY_BYTES', 1_024, 1_073_741_824, 10 * 1024 * 1024, 'bytes from'),
  maxEvents: count('RUNBOARD_MAX_EVENTS', 1, 1_000_000, 10_000),
  /** how long a session of telemetry must be silent for its runs to end; unset: each organization's own setting */
  telemetrySettleMs: setting('RUNBOARD_TELEMETRY_SETTLE', duration.optional(), 'a duration such as 2s, 15m or 2h'),
  /** requests answered at a time */
  maxConcurrency: count('RUNBOARD_MAX_CONCURRENCY', 1, 100_000, 256),
  /** dead letters kept per organization */
  maxDeadLetters: count('RUNBOARD_MAX_DEAD_LETTERS', 0, 10_000_000, 10_000),
  /** requests a second of one token; 0: no limit */
  rateLimitPerToken: rate('RUNBOARD_RATE_LIMIT_PER_TOKEN', 2_000, 'requests a second'),
  /** requests a second of one address; 0: no limit */
  rateLimitPerAddress: rate('RUNBOARD_RATE_LIMIT_PER_ADDRESS', 5_000, 'requests a second'),
  /** tokens a minute that open nothing, of one address; 0: no limit */
  rateLimitBadTokens: rate('RUNBOARD_RATE_LIMIT_BAD_TOKENS', 300, 'tokens a minute'),
  /** whose X-Forwarded-For is believed: so many proxies, those addresses, or nobody's */
  trustProxy: setting(
    'RUNBOARD_TRUST_PROXY',
    proxies.optional().transform((value) => value ?? false),
    'a number of proxies from 1 to 100, or their addresses, such as 10.0.0.0/8,::1 or loopback,linklocal,uniquelocal',
  ),
  maxConnections: count('RUNBOARD_MAX_CONNECTIONS', 1, 1_000_000, 5_000),
  /** within what a request has to arrive */
  requestTimeoutMs: milliseconds('RUNBOARD_REQUEST_TIMEOUT_MS', 300_000),
  /** how long a client may neither send nor take what is its turn */
  stallTimeoutMs: milliseconds('RUNBOARD_STALL_TIMEOUT_MS', 60_000),
  /** what the reader of an export must take */
  exportBytesPerSecond: count('RUNBOARD_EXPORT_BYTES_PER_SECOND', 1, 1_000_000_000, 64 * 1024, 'bytes from'),
  /** connections to the database, of all kinds of work together */
  poolSize: count('RUNBOARD_POOL_SIZE', 8, 1_000, 16),
  statementTimeoutMs: milliseconds('RUNBOARD_STATEMENT_TIMEOUT_MS', 30_000),
  /** whether questions are answered from sums (docs/engine.md) */
  engine: setting('RUNBOARD_ENGINE', z.enum(ENGINES).default('auto'), `one of ${ENGINES.join(', ')}`),
  /** how long a question may take */
  queryTimeoutMs: milliseconds('RUNBOARD_QUERY_TIMEOUT_MS', 20_000),
});

/** What the environment says, checked once at the start (design section 3). */
export type Config = z.infer<typeof settings>;

/** The variable of each member. */
const VARIABLES = Object.fromEntries(
  Object.entries(settings.shape).map(([member, schema]) => [member, schema.meta() as unknown as Variable]),
);

/** Every variable and what it may be, for people. */
export const VARIABLE_TEXTS = Object.values(VARIABLES).map(({ variable, may }) => [variable, may] as const);

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
  const given: Record<string, string> = { ...defaults };
  for (const [member, { variable, secret }] of Object.entries(VARIABLES)) {
    const value = environment[variable] || (secret ? secretOfFile(environment, variable) : undefined);
    if (value) given[member] = value;
  }
  const { data, error } = settings.safeParse(given);
  if (error) throw wrong(String(error.issues[0]!.path[0]), given);
  const { databaseUrl, databaseOwnerUrl } = data;
  return {
    ...data,
    databaseUrl: databaseUrl ?? databaseOwnerUrl,
    databaseOwnerUrl: databaseOwnerUrl ?? databaseUrl,
  };
}

function wrong(member: string, given: Record<string, string>): ConfigError {
  const { variable, may, secret } = VARIABLES[member]!;
  const shown = secret ? withoutPassword(given[member]!) : given[member];
  return new ConfigError(`${variable} is ${JSON.stringify(shown)}, but must be ${may}`);
}
