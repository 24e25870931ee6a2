import { z } from 'zod';
import { eventType } from '../event-type.js';
import { filters, title } from '../holds.js';
import { isStorable, list, MAX_ITEM_CHARACTERS, name, oneOf, shown } from '../values.js';
import { parseUsd } from '../usd.js';

export const BUDGET_PERIODS = ['day', 'week', 'month'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** The shares of a budget's limit that are told, where its event names none. */
export const DEFAULT_THRESHOLDS: readonly number[] = [0.75, 0.95, 1];

const MOST_FILTERS = 20;
const MOST_VALUES = 100;
const MOST_THRESHOLDS = 10;
const GREATEST_THRESHOLD = 10;
/** More than what one run may cost: it is about all of an organization's. */
const GREATEST_LIMIT_USD = 1_000_000_000;

const LIMIT = `must be US dollars above 0, at most ${GREATEST_LIMIT_USD}, as a decimal text or number such as 40.50`;

const LEAST = 'must be at least 0.000000001 US dollars';

/** Above 0, read as integer nano-US-dollars. */
const limit = z
  .union(
    [
      z.number().meta({ exclusiveMinimum: 0, maximum: GREATEST_LIMIT_USD }),
      z.string().meta({ pattern: '^\\d{1,10}(\\.\\d{1,64})?$' }),
    ],
    {
      error: ({ input }) => {
        if (input == null) return 'is required';
        return typeof input === 'number' ? `${LIMIT}, not ${input}` : 'must be a decimal text or number';
      },
    },
  )
  .transform((value, context) => {
    const nanos = parseUsd(value);
    if (nanos !== null && nanos > 0n && Number(value) <= GREATEST_LIMIT_USD) return nanos;
    const isTooSmall = nanos === 0n && Number(value) > 0;
    const message = `${isTooSmall ? LEAST : LIMIT}, not ${shown(value)}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  })
  .meta({ description: `US dollars, a decimal text or number above 0, at most ${GREATEST_LIMIT_USD}` });

const value = z
  .string()
  .refine((text) => text !== '' && [...text].length <= MAX_ITEM_CHARACTERS && isStorable(text), {
    error: `must be 1 to ${MAX_ITEM_CHARACTERS} characters, without NUL or half a surrogate pair`,
  })
  .meta({ minLength: 1, maxLength: MAX_ITEM_CHARACTERS })
  .nullable();
const alternatives = z.union([z.array(value).max(MOST_VALUES), value]);
const condition = z.union([alternatives, z.strictObject({ not: alternatives })], {
  error:
    `must be a value of 1 to ${MAX_ITEM_CHARACTERS} characters, a list of at most ${MOST_VALUES}, or {"not": [values]}; ` +
    'null stands for runs without one',
});

const conditions = z
  .record(z.string(), condition)
  .refine((given) => Object.keys(given).length <= MOST_FILTERS, { error: `has more than ${MOST_FILTERS} filters` })
  .meta({
    maxProperties: MOST_FILTERS,
    description: 'by dimension, as in a query: filters of runs. Without any it is about the whole organization',
  });

const THRESHOLD = `must be a number above 0, at most ${GREATEST_THRESHOLD}: 0.75 is 75 % of the limit`;
const threshold = z
  .number({ error: THRESHOLD })
  .refine((ratio) => ratio > 0 && ratio <= GREATEST_THRESHOLD, { error: THRESHOLD })
  .meta({ exclusiveMinimum: 0, maximum: GREATEST_THRESHOLD });

/** Limits on what runs may cost. */
export const budgetEvents = {
  'budget.set': eventType({
    says: 'A limit on what the runs that pass the filters cost per day, week or month of the organization’s time zone. It replaces all that was said of the budget before.',
    moment: null,
    scope: 'admin',
    data: z.object({
      budgetId: name,
      name: title,
      limitUsd: limit,
      period: oneOf(BUDGET_PERIODS),
      filters: filters(conditions.nullish()),
      thresholds: list(threshold, MOST_THRESHOLDS).nullish(),
    }),
    example: {
      budgetId: 'core-monthly',
      name: 'Core team',
      limitUsd: 2500,
      period: 'month',
      filters: { team: ['core'] },
      thresholds: [0.75, 0.95, 1],
    },
  }),
  'budget.deleted': eventType({
    says: 'The budget holds no longer, until it is set again.',
    moment: null,
    scope: 'admin',
    data: z.object({ budgetId: name }),
    example: { budgetId: 'core-monthly' },
  }),
} as const;
