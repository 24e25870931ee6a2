import { inWords } from '../../catalogue/index.js';
import { textColumn, timeColumn, type FrameColumn } from '../frames.js';
import { unknownName } from '../invalid.js';
import { planDirection, planRows } from '../plan.js';
import { whyNothing } from '../reasons.js';
import type { Question } from '../question.js';
import {
  ANNOTATION_KINDS,
  annotationsStatement,
  type AnnotationKind,
  type AnnotationsPage,
} from '../statements/annotations.js';
import { cutNotices, planLimit } from './list.js';
import { checkRunFilters, RUN_FILTERS } from './runs.js';
import type { Planned, View } from './view.js';

const DEFAULT_ANNOTATIONS = 1000;

interface Found {
  readonly kind: AnnotationKind;
  readonly id: string;
  /** epoch ms */
  readonly time: number;
  readonly timeEnd: number | null;
  /** the method, the failure category or the model */
  readonly what: string;
  readonly text: string | null;
  readonly session: string | null;
  readonly user: string | null;
}

interface AnnotationsPlan extends Planned {
  readonly page: AnnotationsPage;
}

/** Events to mark in Grafana's panels, latest first. */
export const annotations: View<AnnotationsPlan> = {
  name: 'annotations',
  title: 'Annotations',
  members: ['kinds', 'filters', 'direction', 'limit', 'offset'],
  filters: RUN_FILTERS,
  plan(question, settings) {
    const rows = planRows(question, settings);
    checkRunFilters(rows.filters);
    const page = {
      kinds: planKinds(question),
      direction: planDirection(question),
      ...planLimit(question, 'annotations', DEFAULT_ANNOTATIONS),
    };
    return { rows, page };
  },
  async answer(context, { rows, page }) {
    const found = await context.ask(annotationsStatement(context.orgId, rows, page));
    const all = Number(found[0]?.found ?? found.length);
    // none of some kinds is usual: only what holds for all of them is said
    const why = found.length === 0 && page.offset === 0 ? await whyNothing(context, rows, 'event') : null;
    return {
      reason: why?.kind === 'nothing_in_range' ? null : why,
      frames: [{ visualisation: 'table', columns: columnsOf(found as unknown as Found[]) }],
      notices: cutNotices(found.length, page.offset, all, ' annotations'),
    };
  },
};

/** The kinds a query asks for; by default all. */
function planKinds({ kinds }: Question): readonly AnnotationKind[] {
  if (!kinds || kinds.length === 0) return ANNOTATION_KINDS;
  return kinds.map((name) => {
    const kind = ANNOTATION_KINDS.find((known) => known === name);
    if (!kind) throw unknownName('kind', name, ANNOTATION_KINDS);
    return kind;
  });
}

function columnsOf(found: readonly Found[]): FrameColumn[] {
  return [
    timeColumn(
      'time',
      found.map(({ time }) => time),
    ),
    timeColumn(
      'timeEnd',
      found.map(({ timeEnd }) => timeEnd),
    ),
    textColumn('title', found.map(titleOf)),
    textColumn('text', found.map(textOf)),
    // Grafana splits tags at commas
    textColumn(
      'tags',
      found.map(({ kind, what }) => [kind, what.replaceAll(',', ' ')].join(',')),
    ),
    textColumn(
      'id',
      found.map(({ kind, id }) => `${kind}:${id}`),
    ),
  ];
}

function titleOf({ kind, what }: Found): string {
  if (kind === 'handoff') return `Handoff: ${inWords('method', what)}`;
  return kind === 'failed_run' ? `Run failed: ${inWords('failure_category', what)}` : `First use of ${what}`;
}

/** Its details: the error in words, where it happened, and who did it. */
function textOf({ kind, id, text, session, user }: Found): string {
  const where = [
    kind === 'failed_run' ? `run ${id}` : null,
    session === null ? null : `session ${session}`,
    user === null ? null : `by ${user}`,
  ].filter((part) => part !== null);
  return [text, where.join(', ')].filter((line) => line !== null && line !== '').join('\n');
}
