import { inWords } from '../../catalogue/index.js';
import type { Notice } from '../../contract/frames.js';
import { textOf as textOfChange, titleOf as titleOfChange, whatOf } from '../budgets/change-words.js';
import { budgetChanges, type BudgetChange } from '../budgets/changes.js';
import type { QuestionContext } from '../context.js';
import { findingsOf } from '../findings/index.js';
import { textColumn, timeColumn, type FrameColumn } from '../frames.js';
import { unknownName } from '../invalid.js';
import { planDirection, planRows } from '../plan.js';
import { whyNothing } from '../reasons.js';
import type { Question } from '../question.js';
import type { Rows } from '../rows.js';
import {
  ANNOTATION_KINDS,
  annotationsStatement,
  STORED_KINDS,
  type AnnotationKind,
  type AnnotationsPage,
} from '../statements/annotations.js';
import { cutNotices, planLimit } from './list.js';
import { mergedMarks, type Mark } from './merged-marks.js';
import { checkRunFilters, RUN_FILTERS } from './runs.js';
import type { Planned, View } from './view.js';

const DEFAULT_ANNOTATIONS = 1000;

interface Found {
  readonly kind: Exclude<AnnotationKind, 'budget_change'>;
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
  readonly withFindings: boolean;
  readonly withBudgets: boolean;
  /** a part of the list was asked for */
  readonly isPaged: boolean;
}

/** Events to mark in Grafana's panels, latest first. More than the limit are counted in marks per day, unless they are paged. */
export const annotations: View<AnnotationsPlan> = {
  name: 'annotations',
  title: 'Annotations',
  members: ['kinds', 'filters', 'direction', 'limit', 'offset'],
  filters: RUN_FILTERS,
  plan(question, settings) {
    const rows = planRows(question, settings);
    checkRunFilters(rows.filters);
    const kinds = planKinds(question);
    const page = {
      kinds: STORED_KINDS.filter((kind) => kinds.includes(kind)),
      direction: planDirection(question),
      ...planLimit(question, 'annotations', DEFAULT_ANNOTATIONS),
    };
    return {
      ...{ rows, page, isPaged: question.offset != null },
      ...{ withFindings: kinds.includes('finding'), withBudgets: kinds.includes('budget_change') },
    };
  },
  async answer(context, { rows, page, withFindings, withBudgets, isPaged }) {
    const changes = withBudgets ? await budgetChanges(context, rows.window) : [];
    const findings = withFindings ? await findingMarks(context, rows) : [];
    const worked = [...changes.map(markOfChange), ...findings.map(markOf)];
    // those before the page may be any of these
    const skipped = Math.max(0, page.offset - worked.length);
    const wider = { ...page, offset: skipped, limit: page.limit + page.offset - skipped };
    const stored = page.kinds.length === 0 ? [] : await context.ask(annotationsStatement(context.orgId, rows, wider));
    const all = Number(stored[0]?.found ?? skipped + stored.length) + worked.length;
    const notices = withBudgets && rows.given.length > 0 ? [OF_ALL_BUDGETS] : [];
    if (!isPaged && all - findings.length > page.limit) {
      const merged = await mergedMarks(context, rows, { ...page, changes });
      const shown = inOrder([...merged.marks, ...findings.map(markOf)], page);
      const text = `${all.toLocaleString('en-US')} annotations are shown as ${shown.length}: those of one kind and ${merged.interval} together`;
      return {
        frames: [{ visualisation: 'table', columns: columnsOf(shown) }],
        notices: [...notices, { severity: 'info', text }],
      };
    }
    const start = page.offset - skipped;
    const found = inOrder([...(stored as unknown as Found[]).map(markOf), ...worked], page).slice(
      start,
      start + page.limit,
    );
    // none of some kinds is usual: only what holds for all of them is said
    const why = found.length === 0 && page.offset === 0 ? await whyNothing(context, rows, 'event') : null;
    return {
      reason: why?.kind === 'nothing_in_range' ? null : why,
      frames: [{ visualisation: 'table', columns: columnsOf(found) }],
      notices: [...notices, ...cutNotices(found.length, page.offset, all, ' annotations')],
    };
  },
};

const OF_ALL_BUDGETS: Notice = {
  severity: 'info',
  text: 'changes of budgets are of all of them: the filters here are of runs',
};

/** The findings that begin in the window. Those on the sessions of runs have none of their own. */
async function findingMarks(context: QuestionContext, rows: Rows): Promise<Found[]> {
  if (rows.filters.some(({ dimension }) => dimension.flag)) return [];
  const { found } = await findingsOf(context, rows);
  return found.flatMap(({ kind, what: text, since }, index): Found[] => {
    if (since === null || since < rows.window.from || since >= rows.window.to) return [];
    const place = { session: null, user: null };
    return [
      { kind: 'finding', id: `${kind.id}:${index + 1}`, time: since, timeEnd: null, what: kind.title, text, ...place },
    ];
  });
}

function inOrder<Timed extends { readonly time: number }>(
  found: readonly Timed[],
  { direction }: AnnotationsPage,
): Timed[] {
  return [...found].sort((one, other) => (direction === 'asc' ? one.time - other.time : other.time - one.time));
}

/** The kinds a query asks for; by default those that are stored. */
function planKinds({ kinds }: Question): readonly AnnotationKind[] {
  if (!kinds || kinds.length === 0) return STORED_KINDS;
  return kinds.map((name) => {
    const kind = ANNOTATION_KINDS.find((known) => known === name);
    if (!kind) throw unknownName('kind', name, ANNOTATION_KINDS);
    return kind;
  });
}

function markOf(found: Found): Mark {
  const { kind, id, time, timeEnd, what } = found;
  return { time, timeEnd, title: titleOf(found), text: textOf(found), tags: [kind, what], id: `${kind}:${id}` };
}

function markOfChange(change: BudgetChange): Mark {
  const { id, at } = change;
  return {
    ...{ time: at, timeEnd: null, title: titleOfChange(change), text: textOfChange(change) },
    ...{ tags: ['budget_change', whatOf(change), id], id: `budget_change:${id}:${at}` },
  };
}

function columnsOf(marks: readonly Mark[]): FrameColumn[] {
  return [
    timeColumn(
      'time',
      marks.map(({ time }) => time),
    ),
    timeColumn(
      'timeEnd',
      marks.map(({ timeEnd }) => timeEnd),
    ),
    textColumn(
      'title',
      marks.map(({ title }) => title),
    ),
    textColumn(
      'text',
      marks.map(({ text }) => text),
    ),
    // Grafana splits tags at commas
    textColumn(
      'tags',
      marks.map(({ tags }) => tags.map((tag) => tag.replaceAll(',', ' ')).join(',')),
    ),
    textColumn(
      'id',
      marks.map(({ id }) => id),
    ),
  ];
}

function titleOf({ kind, what }: Found): string {
  if (kind === 'finding') return what;
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
