import { MAX_KEY_CHARACTERS } from '../../contract/values.js';
import { idOf } from '../../importers/names.js';
import { RecordContext, type Naming } from '../context.js';
import type { MappingRights, Origin } from '../records.js';
import type { Attributes } from '../values.js';

/** https://code.claude.com/docs/en/monitoring-usage, "Standard attributes" */
const NAMING: Naming = {
  runtime: 'claude-code',
  session: ['session.id'],
  users: ['user.email', 'user.account_uuid', 'user.id'],
};

/** What is common to all records of Claude Code. */
export class Context extends RecordContext {
  /** ties the records of one prompt together; null where the record is of no prompt */
  readonly key: string | null;

  constructor(name: string, origin: Origin, own: Attributes, atMs: number, identity: string, rights: MappingRights) {
    super({ name, origin, own, atMs, identity, rights }, NAMING);
    this.key = keyOfPrompt(this.sessionId, this.text('prompt.id'));
  }
}

/** What ties the records of one prompt together, in transcripts, telemetry and hooks alike. */
export function keyOfPrompt(sessionId: string | null, promptId: string | null): string | null {
  if (sessionId === null || promptId === null) return null;
  const key = `prompt:${sessionId}:${idOf(promptId)}`;
  return key.length <= MAX_KEY_CHARACTERS ? key : null;
}
