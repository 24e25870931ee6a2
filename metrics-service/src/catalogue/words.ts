import { BUDGET_STATES } from './budget-states.js';
import { LIVE_STATES } from './live-states.js';
import { FAILURE_CATEGORIES, HANDOFF_METHODS, QUALITIES, RUN_OUTCOMES, SEVERITIES } from '../contract/events.js';

/** The columns and dimensions whose values are ids from a list that the service knows. */
const METHODS: readonly string[] = HANDOFF_METHODS;
const STATUSES: readonly string[] = [...RUN_OUTCOMES, 'IN_FLIGHT'];
const IDS: Readonly<Record<string, readonly string[]>> = {
  status: STATUSES,
  first_run_status: STATUSES,
  failure_category: [...FAILURE_CATEGORIES, 'uncategorized'],
  method: METHODS,
  quality: QUALITIES,
  severity: SEVERITIES,
  state: ['open', 'closed', ...LIVE_STATES, ...BUDGET_STATES],
};

/** Where the id in sentence case is not what one says. */
const SAID: Readonly<Record<string, string>> = {
  TIMEOUT: 'Timed out',
  OPEN_IN_CLI: 'Open in CLI',
  ok: 'OK',
  near: 'Near the limit',
  over: 'Over the limit',
};

/** By column, the word for each id: `SUCCEEDED` is "Succeeded", `provider_error` "Provider error". */
export const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = Object.fromEntries(
  Object.entries(IDS).map(([column, ids]) => [column, Object.fromEntries(ids.map((id) => [id, wordOf(id)]))]),
);

function wordOf(id: string): string {
  const words = id.replaceAll('_', ' ').toLowerCase();
  return SAID[id] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** What people call this value of a column or dimension; the value itself where it has no other word. */
export function inWords(column: string, value: string): string {
  const words = WORDS[column];
  return words && Object.hasOwn(words, value) ? words[value]! : value;
}

/** The value that a word stands for, whatever its case: Grafana filters by what it shows. */
export function fromWords(column: string, text: string): string {
  const found = Object.entries(WORDS[column] ?? {}).find(([, word]) => word.toLowerCase() === text.toLowerCase());
  return found?.[0] ?? text;
}
