import { clockAt } from './buckets.js';
import { fingerprintText } from './fingerprints.js';
import {
  CLOCK_DIMENSIONS,
  PART_DIMENSIONS,
  type Run,
  RUN_ATTRIBUTES,
  type Session,
  SESSION_ATTRIBUTES,
  type World,
} from './types.js';

/** One value of a group: which dimension has which value (null: rows without one). */
export interface Cell {
  dimension: string;
  value: string | null;
}

/** One value of a group as it is shown: a user by name with the id beside it, everything else as it is. */
export interface ShownCell {
  dimension: string;
  id: string | null;
  name: string | null;
}

/** What a run has by its work item. */
export const ITEM_DIMENSIONS = ['work_item', 'work_item_type', 'project', 'epic'];
export const RUN_DIMENSIONS = [
  'model',
  'status',
  'failure_category',
  'failure_fingerprint',
  'agent',
  'stage',
  ...ITEM_DIMENSIONS,
  ...Object.keys(RUN_ATTRIBUTES),
];
export const SESSION_DIMENSIONS = ['user', 'team', 'session', ...Object.keys(SESSION_ATTRIBUTES)];

export function isPartDimension(dimension: string): dimension is (typeof PART_DIMENSIONS)[number] {
  return (PART_DIMENSIONS as readonly string[]).includes(dimension);
}

export function isClockDimension(dimension: string): dimension is (typeof CLOCK_DIMENSIONS)[number] {
  return (CLOCK_DIMENSIONS as readonly string[]).includes(dimension);
}

/** What a started run has in a dimension that runs are grouped by. */
export function groupDimension(world: World, run: Run, dimension: string, timezone: string): string | null {
  return isClockDimension(dimension)
    ? clockAt(run.startedAt!, timezone)[dimension]
    : runDimension(world, run, dimension);
}

export function runDimension(world: World, run: Run, dimension: string): string | null {
  const session = run.session === null ? null : world.sessions.get(run.session)!;
  switch (dimension) {
    case 'user':
      return run.user;
    case 'team':
      return run.user === null ? null : (world.users.get(run.user)?.team ?? null);
    case 'session':
      return run.session;
    case 'model':
      return run.model;
    case 'status':
      return run.status;
    case 'agent':
      return run.agent;
    case 'stage':
      return run.stage;
    case 'failure_category':
      return run.failureCategory;
    case 'failure_fingerprint':
      return run.failureFingerprint;
    default:
      if (ITEM_DIMENSIONS.includes(dimension)) return itemDimension(world, run.workItem, dimension);
      if (dimension in SESSION_ATTRIBUTES) return session && attributeOf(session.attributes, dimension);
      return attributeOf(run.attributes, dimension);
  }
}

export function itemDimension(world: World, id: string | null, dimension: string): string | null {
  if (id === null || dimension === 'work_item') return id;
  const item = world.workItems.get(id);
  if (dimension === 'epic') return item?.epic ?? null;
  return (dimension === 'project' ? item?.project : item?.type) ?? null;
}

export function sessionDimension(world: World, session: Session, dimension: string): string | null {
  switch (dimension) {
    case 'user':
      return session.creator;
    case 'team':
      return session.creator === null ? null : (world.users.get(session.creator)?.team ?? null);
    case 'session':
      return session.id;
    default:
      return attributeOf(session.attributes, dimension);
  }
}

function attributeOf(attributes: Readonly<Record<string, string | null>>, dimension: string): string | null {
  const value = attributes[dimension];
  if (value === undefined) throw new Error(`there is no attribute ${dimension}`);
  return value;
}

/** A viewer of totals gets a failure's hash in place of its text, which quotes a run. */
export function shown(world: World, { dimension, value }: Cell, leastPeople?: number): ShownCell {
  if (dimension === 'failure_fingerprint' && value !== null) {
    return { dimension, id: value, name: leastPeople === undefined ? fingerprintText(value) : value };
  }
  if (dimension !== 'user' || value === null) return { dimension, id: value, name: value };
  const user = world.users.get(value);
  return { dimension, id: value, name: user?.name ?? user?.email ?? value };
}
