import type { CloudEvent } from '../contract/cloud-event.js';
import { idOf, nameOf } from '../importers/names.js';
import { eventOf, idOfParts } from './events.js';
import type { MappingRights, Mapped, Origin } from './records.js';
import { seenEvents } from './session-seen.js';
import { sourceOf } from './source.js';
import { firstText, textOf, type Attributes, type Value } from './values.js';

/** The attribute by which a platform says something of its own, through OTEL_RESOURCE_ATTRIBUTES. */
const TEAM = 'runboard.team';

/** One record, for a mapping. */
export interface Reading {
  readonly name: string;
  readonly origin: Origin;
  readonly own: Attributes;
  readonly atMs: number;
  /** tells this record from all others of its session */
  readonly identity: string;
  readonly rights: MappingRights;
}

/** Where an agent's records say whose they are. */
export interface Naming {
  /** null: the sender's service name */
  readonly runtime: string | null;
  /** the attributes with the session's id, the one that counts first */
  readonly session: readonly string[];
  /** those with ids of its user; the case of an e-mail address says nothing */
  readonly users: readonly string[];
}

/** What is common to all records of agents: whose they are, and the events that are made of them. */
export class RecordContext {
  readonly name: string;
  readonly atMs: number;
  readonly source: string;
  readonly sessionId: string | null;
  /** the ids of its user, the one that counts first */
  readonly userIds: readonly string[];

  constructor(
    private readonly reading: Reading,
    private readonly naming: Naming,
  ) {
    this.name = reading.name;
    this.atMs = reading.atMs;
    this.source = sourceOf(reading.origin);
    this.sessionId = idOf(this.firstText(...naming.session));
    this.userIds = this.#userIds();
  }

  #userIds(): string[] {
    const ids: string[] = [];
    for (const name of this.naming.users) {
      const said = this.text(name);
      const id = idOf(name.endsWith('.email') ? said?.toLowerCase() : said);
      if (id !== null && !ids.includes(id)) ids.push(id);
    }
    return ids;
  }

  /** The attribute of the record itself, else of its resource. */
  value(name: string): Value | undefined {
    return this.reading.own[name] ?? this.reading.origin.resource[name];
  }

  text(name: string): string | null {
    return textOf(this.reading.own[name]) ?? textOf(this.reading.origin.resource[name]);
  }

  /** The first of these that is a text, of the record itself or else of its resource. */
  firstText(...names: readonly string[]): string | null {
    return firstText(this.reading.own, names) ?? firstText(this.reading.origin.resource, names);
  }

  /** One event of this record; `part` tells it from others of the same type. */
  event(type: CloudEvent['type'], data: Record<string, unknown>, part = ''): CloudEvent {
    const id = idOfParts(this.name, this.sessionId ?? '', this.reading.identity, part);
    return eventOf({ source: this.source, id, timeMs: this.atMs }, type, data);
  }

  /** Tells the record from all others: for what it tells of that has no id of its own. */
  get ownId(): string {
    return idOfParts(this.name, this.sessionId ?? '', this.reading.identity);
  }

  /** What the platform says of a run, through OTEL_RESOURCE_ATTRIBUTES. */
  get platform(): Record<'agent' | 'role' | 'workflow' | 'stage', string | null> {
    const said = (name: string): string | null => nameOf(this.text(`runboard.${name}`));
    return { agent: said('agent'), role: said('role'), workflow: said('workflow'), stage: said('stage') };
  }

  /** The record's events, with what it says in passing of its session, which is `sessionId` where it names none. */
  mapped(events: readonly CloudEvent[], sessionId: string | null = null): Mapped {
    const { atMs, source, userIds } = this;
    const { rights, origin } = this.reading;
    const session = this.sessionId ?? sessionId;
    if (session === null) return this.unusable(`has no ${this.naming.session[0]}`);
    const team = this.text(TEAM);
    const told = {
      sessionId: session,
      atMs,
      source,
      userIds,
      runtime: this.naming.runtime ?? serviceOf(origin),
      repo: this.firstText('vcs.repository.url.full', 'vcs.repository.name'),
      workspace: this.text('runboard.workspace'),
      workItemId: this.text('runboard.work_item'),
      team: rights.directory ? team : null,
    };
    const seen = seenEvents(told, rights.seen);
    const note =
      team !== null && !rights.directory ? `${TEAM} is left out: the token lacks scope directory` : undefined;
    return { name: this.name, outcome: 'mapped', note, events: [...seen, ...events] };
  }

  unusable(why: string): Mapped {
    return { name: this.name, outcome: 'unusable', note: why, events: [] };
  }
}

/** The sender's service, if somebody gave it a name. */
function serviceOf({ resource }: Origin): string | null {
  const name = textOf(resource['service.name']);
  return name === null || name.startsWith('unknown_service') ? null : name;
}
