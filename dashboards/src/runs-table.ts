import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { STATUS_MAPPING } from './colours.js';
import {
  atLeast,
  COLOURED_TEXT,
  EMPTY,
  HIDDEN,
  ID,
  inOrder,
  NOTE,
  only,
  SHORT_TIME,
  table,
  width,
  WRAPPED,
} from './tables.js';

interface Runs {
  readonly width: number;
  readonly height: number;
  /** as they are headed, in order */
  readonly columns: readonly string[];
  /** of a run's name */
  readonly run: readonly DynamicConfigValue[];
}

/** What links of a row name. */
const FOR_LINKS = { session: 'Session', user_id: 'User id', completed_at: 'Completed' } as const;
/** As milliseconds it ends a range, and `now` does while the run goes on. */
const END: DynamicConfigValue[] = [...HIDDEN, { id: 'unit', value: 'time:x' }, { id: 'noValue', value: 'now' }];
const UNSEEN: Readonly<Record<string, DynamicConfigValue[]>> = { session: HIDDEN, user_id: ID, completed_at: END };

/** A table of runs with these columns, errors whole and wrapped. Targets are for the caller to set. */
export function runsTable(id: number, title: string, { columns, run, ...size }: Runs): PanelBuilder {
  const hidden = Object.entries(FOR_LINKS).filter(([, heading]) => !columns.includes(heading));
  const built = table(id, title, { ...size, metrics: ['total_cost'] })
    .withTransformation(only([NOTE, ...columns, ...hidden.map(([, heading]) => heading)]))
    .withTransformation(inOrder(columns))
    .overrideByName('run', [width(130), WRAPPED, ...run])
    .overrideByName('status', [width(88), STATUS_MAPPING, COLOURED_TEXT])
    .overrideByName('started_at', SHORT_TIME)
    .overrideByName('duration', [width(78)])
    .overrideByName('queue_wait', [width(70)])
    .overrideByName('await', [width(100)])
    .overrideByName('total_cost', [width(75)])
    .overrideByName('model', [width(115), WRAPPED])
    .overrideByName('failure_category', [width(95), WRAPPED, EMPTY])
    .overrideByName('error_summary', [WRAPPED, EMPTY, atLeast(175)]);
  return hidden.reduce((made, [name]) => made.overrideByName(name, UNSEEN[name]!), built);
}
