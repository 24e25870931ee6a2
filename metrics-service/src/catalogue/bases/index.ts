import type { BaseName } from '../measure.js';
import type { Base } from './base.js';
import { closedItemsBase } from './closed-items.js';
import { countersBase } from './counters.js';
import { escalationsBase } from './escalations.js';
import { failuresBase } from './failures.js';
import { fortnightBase } from './fortnight.js';
import { liveBase } from './live.js';
import { newcomersBase } from './newcomers.js';
import { partsBase } from './parts.js';
import { peopleBase } from './people.js';
import { phasesBase } from './phases.js';
import { runawaysBase } from './runaways.js';
import { runsBase } from './runs.js';
import { sessionsBase } from './sessions.js';
import { spendingBase } from './spending.js';
import { toolCallsBase } from './tool-calls.js';

/** Every base. To add one: its file, its name in `BaseName`, and a line here; its dimensions are in dimensions.ts. */
export const BASES: { readonly [B in BaseName]: Base<B> } = {
  runs: runsBase,
  parts: partsBase,
  phases: phasesBase,
  counters: countersBase,
  newcomers: newcomersBase,
  people: peopleBase,
  sessions: sessionsBase,
  closed_items: closedItemsBase,
  escalations: escalationsBase,
  tool_calls: toolCallsBase,
  live: liveBase,
  failures: failuresBase,
  fortnight: fortnightBase,
  spending: spendingBase,
  runaways: runawaysBase,
};

export const BASE_NAMES = Object.keys(BASES) as BaseName[];

/** The base of that name. */
export function baseOf(name: BaseName): Base {
  return BASES[name];
}
