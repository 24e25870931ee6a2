import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { eventTypes } from '../../contract/events.js';
import { plainly } from '../../contract/plain-faults.js';
import { BadUsage, Failure } from '../../failure.js';
import { budgetFault } from '../../ingest/budget-filters.js';

/** A budget as a file or a command states it: `data` of its event. */
export interface Declared {
  readonly budgetId: string;
  readonly [member: string]: unknown;
}

const { data: schema } = eventTypes['budget.set'];
const MEMBERS = ['id', 'name', 'limit', 'period', 'filters', 'thresholds'];
/** More are counted. */
const MOST_FAULTS = 10;

/** The budgets of a file in YAML (or JSON, which YAML contains): a list, alone or under `budgets`. @throws Failure with all faults */
export function parseBudgets(text: string): Declared[] {
  const list = listIn(text);
  const faults: string[] = [];
  const budgets = list.flatMap((one, index): Declared[] => {
    const place = `budget ${index + 1}`;
    const found = memberFaults(one);
    const { id: budgetId, limit: limitUsd, ...more } = (one ?? {}) as Record<string, unknown>;
    const declared = { budgetId, limitUsd, ...more } as Declared & Record<string, unknown>;
    const all = found ?? faultsOf(declared);
    for (const fault of all) faults.push(`${place}${fault}`);
    return all.length === 0 ? [declared] : [];
  });
  const seen = new Set<string>();
  for (const { budgetId } of budgets) {
    if (seen.has(budgetId)) faults.push(`budget ${JSON.stringify(budgetId)} stands there twice`);
    seen.add(budgetId);
  }
  const more = faults.length - MOST_FAULTS;
  if (faults.length > 0)
    throw new Failure([...faults.slice(0, MOST_FAULTS), ...(more > 0 ? [`and ${more} more`] : [])].join('; '));
  return budgets;
}

/** What keeps it from being read as a budget at all; null: nothing. */
function memberFaults(one: unknown): string[] | null {
  if (typeof one !== 'object' || one === null || Array.isArray(one)) return [' is no mapping'];
  const others = Object.keys(one).filter((member) => !MEMBERS.includes(member));
  if (others.length === 0) return null;
  return others.map((other) => ` has ${JSON.stringify(other)}: it takes ${MEMBERS.join(', ')}`);
}

function listIn(text: string): unknown[] {
  const read = readYaml(text);
  if (Array.isArray(read)) return read;
  const { budgets, ...others } = z.record(z.string(), z.unknown()).safeParse(read).data ?? {};
  if (!Array.isArray(budgets))
    throw new Failure('the file must be a list of budgets, or a mapping with the list `budgets`');
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw new Failure(`the file has ${JSON.stringify(other)} beside \`budgets\`, which it takes alone`);
  return budgets;
}

function readYaml(text: string): unknown {
  try {
    return parse(text, { prettyErrors: true });
  } catch (error) {
    // its first line says what and where; the next show the place
    const why = error instanceof YAMLParseError ? error.message.split('\n')[0]!.replace(/:$/, '') : String(error);
    throw new Failure(`the file is no YAML: ${why}`, { cause: error });
  }
}

/** The same where the contract takes it. @throws BadUsage with all that it does not */
export function checked(declared: Declared): Declared {
  const faults = faultsOf(declared);
  if (faults.length > 0) throw new BadUsage(faults.map((fault) => `the budget${fault}`).join('; '));
  return declared;
}

/** All that the contract does not take: `: limit is required`. */
function faultsOf(declared: Declared): string[] {
  const found = schema.safeParse(declared, { error: inFiles });
  if (!found.success) return found.error.issues.map((issue) => `: ${pathOf(issue)} ${issue.message}`);
  const fault = budgetFault(found.data.filters);
  return fault === null ? [] : [`: filters: ${fault}`];
}

function pathOf({ path }: z.core.$ZodIssue): string {
  return path.map(String).join('.').replace('budgetId', 'id').replace('limitUsd', 'limit');
}

/** The contract's plain words, as files have them. */
function inFiles(issue: z.core.$ZodRawIssue): string | undefined {
  const said = plainly(issue);
  if (said === 'must be a text') return `${said} (in quotes, if it looks like a number)`;
  return said?.replace('an object', 'a mapping');
}

/** What the contract reads of it. */
export function readDeclared(declared: Declared) {
  return schema.parse(declared);
}
