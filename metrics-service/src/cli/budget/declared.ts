import { parse } from 'yaml';
import { z } from 'zod';
import { eventTypes } from '../../contract/events.js';
import { BadUsage, Failure } from '../../failure.js';
import { budgetFault } from '../../ingest/budget-filters.js';

/** A budget as a file or a command states it: `data` of its event. */
export interface Declared {
  readonly budgetId: string;
  readonly [member: string]: unknown;
}

const { data: schema } = eventTypes['budget.set'];
const MEMBERS = ['id', 'name', 'limit', 'period', 'filters', 'thresholds'];

/** The budgets of a file in YAML (or JSON, which YAML contains): a list, alone or under `budgets`. @throws Failure */
export function parseBudgets(text: string): Declared[] {
  const list = listIn(text);
  const budgets = list.map((one, index) => {
    const place = `budget ${index + 1}`;
    if (typeof one !== 'object' || one === null || Array.isArray(one)) throw new Failure(`${place} is no mapping`);
    const other = Object.keys(one).find((member) => !MEMBERS.includes(member));
    if (other !== undefined) throw new Failure(`${place} has ${JSON.stringify(other)}: it takes ${MEMBERS.join(', ')}`);
    const { id: budgetId, limit: limitUsd, ...more } = one as Record<string, unknown>;
    return checked({ budgetId, limitUsd, ...more } as Declared & Record<string, unknown>, place);
  });
  const twice = budgets.find(({ budgetId }, at) => budgets.findIndex((one) => one.budgetId === budgetId) < at);
  if (twice) throw new Failure(`budget ${JSON.stringify(twice.budgetId)} stands there twice`);
  return budgets;
}

function listIn(text: string): unknown[] {
  let read: unknown;
  try {
    read = parse(text);
  } catch (error) {
    throw new Failure('the file is no YAML', { cause: error });
  }
  const list: unknown = z.object({ budgets: z.unknown() }).safeParse(read).data?.budgets ?? read;
  if (!Array.isArray(list))
    throw new Failure('the file must be a list of budgets, or a mapping with the list `budgets`');
  return list;
}

/** The same where the contract takes it, else the first thing that it does not. @throws BadUsage */
export function checked(declared: Declared, place = 'the budget'): Declared {
  const found = schema.safeParse(declared);
  const fault = found.success ? budgetFault(found.data.filters) : null;
  if (fault !== null) throw new BadUsage(`${place}: filters: ${fault}`);
  if (found.success) return declared;
  const [issue] = found.error.issues;
  const path = issue!.path.map(String).join('.').replace('budgetId', 'id').replace('limitUsd', 'limit');
  throw new BadUsage(`${place}: ${path} ${faultOf(issue!)}`);
}

/** What zod calls them, as files have them. */
const FORMS: Readonly<Record<string, string>> = {
  string: 'a text (in quotes, if it looks like a number)',
  number: 'a number',
  array: 'a list',
  record: 'a mapping',
};

function faultOf(issue: z.core.$ZodIssue): string {
  const form = issue.code === 'invalid_type' ? FORMS[issue.expected] : undefined;
  return form && issue.message.startsWith('Invalid') ? `must be ${form}` : issue.message;
}

/** What the contract reads of it. */
export function readDeclared(declared: Declared) {
  return schema.parse(declared);
}
