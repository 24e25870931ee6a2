import type { CloudEvent } from '../../contract/cloud-event.js';
import { MAX_KEY_CHARACTERS } from '../../contract/values.js';
import { idOf } from '../../importers/names.js';
import { eventOf, idOfParts } from '../events.js';
import type { MappingRights, Mapped, Origin } from '../records.js';
import { seenEvents } from '../session-seen.js';
import { sourceOf } from '../source.js';
import { firstText, textOf, type Attributes, type Value } from '../values.js';

/** The attribute by which a platform says something of its own, through OTEL_RESOURCE_ATTRIBUTES. */
const TEAM = 'runboard.team';

/** What is common to all records of Claude Code: https://code.claude.com/docs/en/monitoring-usage, "Standard attributes". */
export class Context {
  readonly source: string;
  readonly sessionId: string | null;
  /** ties the records of one prompt together; null where the record is of no prompt */
  readonly key: string | null;
  readonly userIds: readonly string[];

  constructor(
    readonly name: string,
    private readonly origin: Origin,
    private readonly own: Attributes,
    readonly atMs: number,
    /** tells this record from all others of its session */
    private readonly identity: string,
    private readonly rights: MappingRights,
  ) {
    this.source = sourceOf(origin);
    this.sessionId = idOf(this.text('session.id'));
    this.key = keyOfPrompt(this.sessionId, this.text('prompt.id'));
    const email = this.text('user.email')?.toLowerCase() ?? null;
    const ids = [email, this.text('user.account_uuid'), this.text('user.id')].flatMap((id) => idOf(id) ?? []);
    this.userIds = [...new Set(ids)];
  }

  /** The attribute of the record itself, else of its resource. */
  value(name: string): Value | undefined {
    return this.own[name] ?? this.origin.resource[name];
  }

  text(name: string): string | null {
    return textOf(this.own[name]) ?? textOf(this.origin.resource[name]);
  }

  /** One event of this record; `part` tells it from others of the same type. */
  event(type: CloudEvent['type'], data: Record<string, unknown>, part = ''): CloudEvent {
    const id = idOfParts(this.name, this.sessionId ?? '', this.identity, part);
    return eventOf({ source: this.source, id, timeMs: this.atMs }, type, data);
  }

  get agent(): string | null {
    return this.text('runboard.agent');
  }

  /** The record's events, with what it says of its session in passing. */
  mapped(events: readonly CloudEvent[]): Mapped {
    const { sessionId, atMs, source, userIds } = this;
    if (sessionId === null) return this.unusable('has no session.id');
    const team = this.text(TEAM);
    const told = {
      ...{ sessionId, atMs, source, userIds },
      runtime: 'claude-code',
      repo:
        firstText(this.own, 'vcs.repository.url.full', 'vcs.repository.name') ??
        firstText(this.origin.resource, 'vcs.repository.url.full', 'vcs.repository.name'),
      workspace: this.text('runboard.workspace'),
      workItemId: this.text('runboard.work_item'),
      team: this.rights.directory ? team : null,
    };
    const seen = seenEvents(told, this.rights.seen);
    const note =
      team !== null && !this.rights.directory ? `${TEAM} is left out: the token lacks scope directory` : undefined;
    return { name: this.name, outcome: 'mapped', note, events: [...seen, ...events] };
  }

  unusable(why: string): Mapped {
    return { name: this.name, outcome: 'unusable', note: why, events: [] };
  }
}

/** What ties the records of one prompt together, in transcripts, telemetry and hooks alike. */
export function keyOfPrompt(sessionId: string | null, promptId: string | null): string | null {
  if (sessionId === null || promptId === null) return null;
  const key = `prompt:${sessionId}:${idOf(promptId)}`;
  return key.length <= MAX_KEY_CHARACTERS ? key : null;
}
