import { minimumGroupSize } from '../../access/viewer-scope.js';
import runsMetric from '../../catalogue/metrics/runs.js';
import { shownIn, takes } from '../../catalogue/index.js';
import { UNITS } from '../../catalogue/units.js';
import type { QuestionContext, Settings } from '../context.js';
import { MEASURED, sideOf, UNTOLD, type Measured, type Side, type Told } from '../contrast.js';
import { contrastNotices } from '../contrast-notices.js';
import { filterOf } from '../filters.js';
import { numberColumn, textColumn, type FrameColumn } from '../frames.js';
import { InvalidQuery, OfManyOnly, unknownName } from '../invalid.js';
import { checkTakes, readRows } from '../plan.js';
import type { Question } from '../question.js';
import { filterInWords, whyNothing } from '../reasons.js';
import { resolveFilters } from '../resolve.js';
import { CONTRASTED, contrastStatement, type Contrast } from '../statements/contrast.js';
import { checkNumbers } from '../visibility.js';
import type { Planned, View } from './view.js';
import { whyNoWorkItems, yourPart } from './work-items.js';

type Sides = readonly [one: Side, other: Side];

interface Plan extends Planned, Contrast {}

const BY = [...takes(runsMetric).filters, 'tool'] as const;

/** Sessions or work items with and without a run by a role, of a model, with a tool …: what they cost and how they ended. */
export const contrast: View<Plan> = {
  name: 'contrast',
  title: 'With and without',
  members: ['of', 'by', 'filters'],
  filters: takes(runsMetric).filters,
  saysWhyEmpty: true,
  plan(question, settings) {
    const rows = readRows(question, settings);
    checkTakes(runsMetric, [], rows.filters);
    const contrasted = planContrast(question);
    checkNumbers(settings.scope, { groups: [], filters: [...rows.filters, contrasted.by], metrics: [] });
    checkSides(settings);
    return { rows, ...contrasted };
  },
  async answer(context, plan) {
    const sides = await sidesOf(context, plan);
    const isEmpty = sides?.every(({ ones }) => ones === 0) ?? true;
    const what = plan.of === 'sessions' ? 'session' : 'work item';
    const why = isEmpty && plan.of === 'work_items' ? await whyNoWorkItems(context, plan.rows) : null;
    return {
      frames: [{ visualisation: 'table', columns: columnsOf(plan, sides), custom: { contrast: saidOf(plan) } }],
      notices: [...yourPart(plan.rows), ...(sides ? contrastNotices(plan, sides) : [])],
      reason: isEmpty ? (why ?? (await whyNothing(context, plan.rows, what))) : null,
    };
  },
};

/** @throws InvalidQuery */
function planContrast({ of: asked, by: given }: Question): Contrast {
  const of = CONTRASTED.find((name) => name === (asked || CONTRASTED[0]));
  if (!of) throw unknownName('of', asked!, CONTRASTED);
  const filters = Object.entries(given ?? {}).flatMap(([name, values]) => filterOf(name, values));
  const [by, ...others] = filters;
  if (!by || others.length > 0) {
    throw new InvalidQuery(
      `contrast needs one filter that tells apart, such as "by": {"role": ["reviewer"]}: one of ${BY.join(', ')}`,
    );
  }
  const { name } = by.dimension;
  if (!(BY as readonly string[]).includes(name)) throw unknownName('dimension in by', name, BY);
  return { of, by: withoutBlanks(by) };
}

/** A board names nobody beside its choice, so that there is always a value: beside others it is none. */
function withoutBlanks(by: Contrast['by']): Contrast['by'] {
  const values = by.values.filter((value) => value !== '');
  return values.length > 0 || by.none ? { ...by, values } : by;
}

/** Beside the numbers of all, those of one side would reveal the few of the other. @throws OfManyOnly */
function checkSides({ scope }: Settings): void {
  if (scope.kind !== 'totals' || minimumGroupSize(scope) === 0) return;
  throw new OfManyOnly(`${scope.who} see numbers over many only, no contrasts: ask for the view table`);
}

/** With and without; null where the viewer may see nothing. */
async function sidesOf(context: QuestionContext, { rows, of, by }: Plan): Promise<Sides | null> {
  if (context.scope.kind === 'nothing') return null;
  const [resolved] = await resolveFilters(context, [by]);
  const found = await context.ask(contrastStatement(context.orgId, rows, { of, by: resolved! }));
  return [sideOf(found.find((row) => row.is_with === true)), sideOf(found.find((row) => row.is_with === false))];
}

/** What is contrasted, for programs. */
function saidOf({ of, by: { dimension, values, none, negated } }: Contrast): object {
  const listed = [...values, ...(none ? [null] : [])];
  return { of, by: { [dimension.name]: negated ? { not: listed } : listed } };
}

/** A row for each side, and one for their difference. */
function columnsOf({ of, by }: Contrast, sides: Sides | null): FrameColumn[] {
  const filter = filterInWords(by);
  const words = { with: `With ${filter}`, without: `Without ${filter}`, difference: 'Difference' };
  const mapped = Object.entries(words).map(([group, text], index) => [group, { text, index }] as const);
  const mappings = [{ type: 'value' as const, options: Object.fromEntries(mapped) }];
  const ones = sides ? sides.map((side) => side.ones) : [null, null];
  const title = of === 'sessions' ? 'Sessions' : 'Work items';
  return [
    textColumn('group', Object.keys(words), { displayNameFromDS: 'Group', mappings }),
    numberColumn(of, [...ones, null], { config: { displayNameFromDS: title, ...shownIn(UNITS.sessions) } }),
    ...MEASURED.flatMap((measured) => {
      if (!sides) return toldColumns(measured, [UNTOLD, UNTOLD, UNTOLD]);
      return toldColumns(measured, [...sides.map(measured.tell), measured.differ(...sides)]);
    }),
  ];
}

function toldColumns({ name, title, definition, unit }: Measured, told: readonly Told[]): FrameColumn[] {
  const column = (suffix: string, word: string, values: (number | null)[], of = UNITS[unit] as string) =>
    numberColumn(`${name}${suffix}`, values, {
      config: { displayNameFromDS: `${title}${word}`, description: definition, ...shownIn(of) },
    });
  return [
    column(
      '',
      '',
      told.map(({ value }) => value),
    ),
    column(
      '_low',
      ' (low)',
      told.map(({ interval }) => interval && interval.low),
    ),
    column(
      '_high',
      ' (high)',
      told.map(({ interval }) => interval && interval.high),
    ),
    column(
      '_cases',
      ' (cases)',
      told.map(({ cases }) => cases),
      UNITS.sessions,
    ),
  ];
}
