import type { PriceTable } from '../pricing/types.js';
import { readOrganization } from '../access/organizations.js';
import { resolveViewer, scopeOfEverybody } from '../access/resolve-viewer.js';
import type { ViewerScope } from '../access/viewer-scope.js';
import type { Asker } from '../access/viewer.js';
import type { Database, Transaction, TransactionOptions } from '../db/database.js';
import { readSumsState, type SumsState } from '../rollups/state.js';
import { readUsual, type Usual } from '../rollups/usual.js';
import { Making, type RolledNote } from './made.js';
import { inRowScope, isNarrow, NO_TABLES } from './sql/row-scope.js';
import { SharedRows } from './shared-rows.js';
import { isLarge } from './sizes.js';
import type { Statement } from './sql/statement.js';

/** The organization's defaults for a question, and what the asker may see. */
export interface Settings {
  /** changes with every change of the organization's data */
  readonly dataVersion: string;
  readonly timezone: string;
  /** a run within this time after a handoff makes it an iteration */
  readonly postHandoffMs: number;
  /** a run in flight that is not heard of for so long is stuck */
  readonly stuckAfterMs: number;
  readonly scope: ViewerScope;
  /** what everybody may see, whoever asks; null: nothing */
  readonly ofEverybody: ViewerScope | null;
  /** whether an alert rule asks */
  readonly isForAlert: boolean;
  /** whether they administer it: a token itself does */
  readonly administers: boolean;
}

/** A row as the database sends it: bigint and numeric as text. */
export type Row = Record<string, string | number | boolean | null>;

/** The context for answering one question: a read-only snapshot of the organization, the time, and the asker. */
export class QuestionContext {
  /** the SQL that answers it */
  readonly statements: string[] = [];
  /** what its answer is made of */
  readonly made = new Making();
  #hasReadClock = false;
  #sums: Promise<SumsState | null> | null = null;

  constructor(
    readonly tx: Transaction,
    readonly settings: Settings,
    private readonly nowMs: number,
    /** the data source's uid in a Grafana through which a person asks: they get links to its boards */
    readonly linksFor: string | undefined,
    private readonly background: Background,
    private readonly shared = new SharedRows<Row>(),
    /** what reported usage costs; null: as the built-in prices say */
    readonly prices: PriceTable | null = null,
  ) {}

  /** one object for all questions of a service, so that what is kept for them can be kept by it */
  get service(): object {
    return this.shared;
  }

  get orgId(): string {
    return this.tx.orgId;
  }

  get scope(): ViewerScope {
    return this.settings.scope;
  }

  /** epoch ms */
  get now(): number {
    this.#hasReadClock = true;
    return this.nowMs;
  }

  /** The same, for what time alone need not change: an answer may be kept until data comes in. */
  get nowOfLastChange(): number {
    return this.nowMs;
  }

  /** Whether the answer depends on the time of asking. */
  get hasReadClock(): boolean {
    return this.#hasReadClock;
  }

  /** Does some of the work as somebody else, who may see this; nothing else is asked meanwhile. */
  async as<T>(scope: ViewerScope, work: (context: QuestionContext) => Promise<T>): Promise<T> {
    const settings = { ...this.settings, scope };
    const context = new QuestionContext(
      this.tx,
      settings,
      this.nowMs,
      this.linksFor,
      this.background,
      this.shared,
      this.prices,
    );
    chooseTables(this.tx, scope);
    try {
      return await work(context);
    } finally {
      chooseTables(this.tx, this.scope);
      this.#hasReadClock ||= context.hasReadClock;
      for (const step of context.made.steps) this.made.steps.push(step);
    }
  }

  /** The rows of a statement, restricted to what the asker may see. */
  readonly ask = async (statement: Statement): Promise<Row[]> => {
    const { sql, values } = this.scoped(statement);
    return this.made.timed(statement.tables, () => this.#run(sql, values, statement));
  };

  /** The same, of what another question of the board asks as well: once for both. */
  async askOnce(statement: Statement): Promise<Row[]> {
    const { dataVersion, scope } = this.settings;
    const { sql, values } = this.scoped(statement);
    const key = JSON.stringify([this.orgId, dataVersion, scope, sql, values]);
    let isOwn = false;
    const asking = this.shared.find(key, () => {
      isOwn = true;
      return this.made.timed(statement.tables, () => this.#run(sql, values, statement));
    });
    const rows = await asking;
    if (!isOwn) this.made.steps.push({ reads: [...statement.tables], ms: 0 });
    return rows;
  }

  async #run(sql: string, values: readonly unknown[], { plannedOnce }: Statement): Promise<Row[]> {
    return (await this.tx.query<Row>(sql, [...values], { plannedOnce })).rows;
  }

  /** How the sums of slots are; null if they cannot be used, or the viewer sees a part only: then the rows are read. */
  async sums(): Promise<SumsState | null> {
    if (this.scope.kind !== 'organization') return null;
    this.#sums ??= this.made.timed(['rollup_state', 'rollup_marks'], () => this.background.sums());
    return this.#sums;
  }

  /** What is usual in the whole organization, as it was found lately; null if it is to be found from the runs. */
  async usual(): Promise<Usual | null> {
    return this.made.timed(['rollup_usual'], () => this.background.usual(this.now));
  }

  noteRolled(note: RolledNote): void {
    this.made.kept.push(note);
  }

  /** A statement's text and values with the same restriction, to be run by the caller. */
  scoped(statement: Statement): { sql: string; values: readonly unknown[] } {
    const scoped = inRowScope(statement, this.scope);
    this.statements.push(scoped.sql);
    return scoped;
  }
}

/** What is kept in the background for questions, as the snapshot has it. */
interface Background {
  sums(): Promise<SumsState | null>;
  usual(now: number): Promise<Usual | null>;
}

/** The context of a request: one snapshot, with a context for each question. */
export interface Snapshot {
  readonly tx: Transaction;
  readonly settings: Settings;
  question(linksFor?: string): QuestionContext;
}

/** Opens one snapshot of the organization for everything a request asks; `now` is epoch ms. */
export async function inSnapshot<T>(
  database: Database,
  { orgId, viewer }: Asker,
  { now, ...options }: { readonly now: number } & Pick<TransactionOptions, 'signal' | 'person'>,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const answer = async (tx: Transaction): Promise<T> => {
    const settings = await readSettings(tx, viewer);
    if (await isLarge(database, tx)) tx.planAnew();
    if (isNarrow(settings.scope)) chooseTables(tx, settings.scope);
    let sums: Promise<SumsState | null> | null = null;
    const background: Background = {
      sums() {
        sums ??= readSumsState(tx, database.engine);
        // a failure belongs to the question that asked
        sums.catch(() => (sums = null));
        return sums;
      },
      usual: (at) => readUsual(tx, database.engine, at),
    };
    const shared = sharedOf(database);
    const question: Snapshot['question'] = (linksFor) =>
      new QuestionContext(tx, settings, now, linksFor, background, shared, database.prices ?? null);
    return work({ tx, settings, question });
  };
  return database.inOrganization(orgId, answer, { readOnly: true, prepared: true, ...options });
}

const SHARED = new WeakMap<Database, SharedRows<Row>>();

function sharedOf(database: Database): SharedRows<Row> {
  const found = SHARED.get(database) ?? new SharedRows<Row>();
  SHARED.set(database, found);
  return found;
}

/** Which tables statements find by their plain names: none, for who sees only some of the rows. */
function chooseTables(tx: Transaction, scope: ViewerScope): void {
  if (isNarrow(scope)) tx.write(`select set_config('search_path', $1, true)`, [NO_TABLES]);
  else tx.write('set local search_path to default', []);
}

/** At most 100 years, so that handoff time plus this is still a valid time. */
const LONGEST_POST_HANDOFF_MS = 100 * 365 * 86_400_000;

async function readSettings(tx: Transaction, viewer: Asker['viewer']): Promise<Settings> {
  const [organization, dataVersion] = await Promise.all([readOrganization(tx), readDataVersion(tx)]);
  const isForAlert = viewer?.kind === 'alert';
  if (!organization) return { ...NO_SETTINGS, dataVersion, isForAlert };
  const { timezone, postHandoffMs, stuckAfterMs } = organization;
  const { scope, person } = await resolveViewer(tx, viewer, organization);
  const administers = viewer === null || viewer.isGrafanaAdmin || person?.role === 'admin';
  const longest = Math.min(postHandoffMs, LONGEST_POST_HANDOFF_MS);
  const ofEverybody = scopeOfEverybody(organization);
  return { dataVersion, timezone, postHandoffMs: longest, stuckAfterMs, scope, ofEverybody, isForAlert, administers };
}

async function readDataVersion(tx: Transaction): Promise<string> {
  const { rows } = await tx.query<{ data_version: string }>(
    `
    select data_version
    from ingest_state
    where org_id = $1`,
    [tx.orgId],
  );
  return rows[0]?.data_version ?? '0';
}

const NO_SETTINGS = {
  timezone: 'UTC',
  postHandoffMs: 0,
  stuckAfterMs: 0,
  scope: { kind: 'nothing', said: 'you see nothing: the organization is gone' },
  ofEverybody: null,
  administers: false,
} as const;
