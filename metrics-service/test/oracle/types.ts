/**
 * The oracle: a second, slow, plainly written reading of the definitions, straight from the list of accepted
 * events. It shares no code with the service; where the two differ, the definitions say who is right.
 */

import type { Word } from './budget-words.js';
import type { Fraction } from './fraction.js';

/** A CloudEvent as a sender writes it. */
export interface SentEvent {
  specversion: '1.0';
  source: string;
  id: string;
  type: string;
  time?: string;
  /** 0: it may not say who somebody is, whoever sends it; else that is up to the sender's token */
  runboardrank?: 0;
  data: Record<string, unknown>;
}

/** Token counts of one part of a run. */
export interface Tokens {
  input: bigint;
  output: bigint;
  cacheRead: bigint;
  cacheWrite: bigint;
}

export interface PricedUsage extends Tokens {
  cacheWrite1h: bigint;
}

/** What a call says of itself that its price depends on. */
export interface CallTerms {
  tier: string | null;
  speed: string | null;
  region: string | null;
  webSearches: number;
}

/** Nano-US-dollars, or null where no price is known; `terms` of a call, null for sums reported per run. */
export type PriceOf = (model: string, usage: PricedUsage, atMs: number, terms: CallTerms | null) => bigint | null;

/** What of a run's tokens and cost falls to one model and phase; a run's shares add up to its totals. */
export interface Share {
  call_model: string | null;
  call_phase: string | null;
  tokens: Tokens | null;
  costNanos: bigint | null;
  /** null: of none of its parts is it known */
  cacheSavingsNanos: bigint | null;
  /** of its parts without a known cost */
  unpricedTokens: bigint;
}

/** A person: what the row of its id says, and the e-mails of all of its ids. */
export interface User {
  id: string;
  kind: string | null;
  emails: string[];
  name: string | null;
  email: string | null;
  team: string | null;
  role: string | null;
  /** whether anything was said of it; others are only named by runs and sessions */
  isRecorded: boolean;
}

/** Dimensions whose value is what was said last: of the session, or of the run itself. Each with its member of `data`. */
export const SESSION_ATTRIBUTES = { repo: 'repo', workspace: 'workspace', runtime: 'runtime' } as const;
export const RUN_ATTRIBUTES = { task_type: 'taskType', role: 'role', workflow: 'workflow' } as const;

/** What a run is split by: each of its shares has its own. */
export const PART_DIMENSIONS = ['call_model', 'call_phase'] as const;

/** What the local clock showed when a run started. */
export const CLOCK_DIMENSIONS = ['hour_of_day', 'day_of_week'] as const;

export type Attributes<Members> = Readonly<Record<keyof Members, string | null>>;

export interface Session {
  id: string;
  creator: string | null;
  attributes: Attributes<typeof SESSION_ATTRIBUTES>;
  url: string | null;
  hidden: boolean;
  workItem: string | null;
  stage: string | null;
}

/** A work item that something was said of. */
export interface WorkItem {
  id: string;
  type: string | null;
  project: string | null;
  epic: string | null;
  /** its latest closing, if it is closed */
  closedAt: number | null;
  wasReopened: boolean;
  /** words on its quality */
  words: { at: number; quality: string }[];
}

export interface Escalation {
  at: number;
  severity: string | null;
  category: string | null;
  workItem: string | null;
  session: string | null;
  /** a run that something else is known of */
  run: Run | null;
  agent: string | null;
  user: string | null;
  hidden: boolean;
}

export interface ToolCall {
  id: string;
  tool: string;
  at: number;
  status: string | null;
  /** without what it waited */
  ms: number | null;
  workItem: string | null;
  session: string | null;
  /** the run that it belongs to, if something else is known of that */
  run: Run | null;
  agent: string | null;
  user: string | null;
  hidden: boolean;
}

/** What matters of a run while it goes on. */
export interface Living {
  queuedAt: number | null;
  heardAt: number | null;
  /** when the last of its tool calls began that has not ended; -Infinity: none is open */
  openToolCallAt: number;
  /** for a person */
  waits: boolean;
  contextUse: Fraction | null;
}

export interface Run {
  id: string;
  session: string | null;
  user: string | null;
  startedAt: number | null;
  completedAt: number | null;
  status: string;
  failureCategory: string | null;
  failureFingerprint: string | null;
  attributes: Attributes<typeof RUN_ATTRIBUTES>;
  model: string | null;
  hidden: boolean;
  durationMs: number | null;
  /** of it, as reported, else as its tool calls waited */
  awaitMs: number | null;
  /** what is left of it */
  executionMs: number | null;
  queueWaitMs: number | null;
  agent: string | null;
  /** its own, else its session's */
  workItem: string | null;
  stage: string | null;
  tokens: Tokens | null;
  /** of the parts with a known cost, unless one was reported */
  costNanos: bigint | null;
  cost: 'unknown' | 'partly known' | 'fully known';
  shares: Share[];
  phases: Map<string, number>;
  counters: Map<string, Fraction>;
  /** what it cost by what was told of up to a moment; null: nothing of that is known */
  costAt: (at: number) => bigint | null;
  living: Living;
  artifacts: Partial<Record<'filesChanged' | 'linesAdded' | 'linesDeleted' | 'testsRun' | 'testsPassed', number>>;
}

/** A message or a handoff: something of a session at an instant. */
export interface Moment {
  id: string;
  session: string;
  user: string | null;
  at: number;
  hidden: boolean;
}

export interface World {
  /** by their ids; every user below is such a person */
  users: Map<string, User>;
  /** whose the other ids are */
  aliases: Map<string, string>;
  sessions: Map<string, Session>;
  runs: Run[];
  messages: Moment[];
  handoffs: Moment[];
  workItems: Map<string, WorkItem>;
  escalations: Escalation[];
  toolCalls: ToolCall[];
  firstEventAt: number | null;
  newestEventAt: number | null;
  /** when the newest event of each was that is about work */
  sources: Map<string, number>;
  /** all that was ever said of each, by id */
  budgets: Map<string, Word[]>;
}

/** Half-open, milliseconds. */
export interface Window {
  from: number;
  to: number;
}

export type FilterValues = (string | null)[];
export type Filters = Record<string, FilterValues | { not: FilterValues }>;

export interface Query {
  refId: string;
  view: 'total' | 'series' | 'table' | 'sessions' | 'contrast' | 'distribution' | 'punchcard';
  /** of the views contrast and distribution */
  of?: 'sessions' | 'work_items' | 'duration' | 'cost' | 'tokens';
  by?: Filters;
  metrics?: string[];
  groupBy?: string[];
  filters?: Filters;
  interval?: 'auto' | 'hour' | 'day' | 'week' | 'month';
  maxDataPoints?: number;
  compare?: 'previous' | 'same_weekdays';
  intervals?: 'wilson95';
  sparkline?: boolean;
  trend?: string;
  bounds?: boolean;
  orderBy?: string;
  direction?: 'asc' | 'desc';
  limit?: number;
  offset?: number;
}

/** One query with what the request around it says. */
export interface Question {
  window: Window;
  timezone: string;
  query: Query;
}
