import type { QuestionContext } from '../context.js';
import type { Rows } from '../rows.js';
import type { Finding } from './finding.js';
import { modelFindings } from './models.js';
import { peopleFindings } from './people.js';
import { runFindings } from './runs.js';
import { sessionFindings } from './sessions.js';
import { sourceFindings } from './sources.js';
import { tokenFindings } from './tokens.js';

export type { Finding } from './finding.js';

/** The looks at an organization's data, in the order of the list. To add one: its file, and its name here. */
const LOOKS: readonly ((context: QuestionContext, rows: Rows) => Promise<Finding[]>)[] = [
  runFindings,
  sessionFindings,
  modelFindings,
  peopleFindings,
  sourceFindings,
  tokenFindings,
];

/** What is missing or wrong in the data of the window; sources, tokens and hints are as of now. */
export async function findingsOf(context: QuestionContext, rows: Rows): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const look of LOOKS) for (const finding of await look(context, rows)) found.push(finding);
  return found;
}
