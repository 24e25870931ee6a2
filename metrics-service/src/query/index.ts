import type { Asker } from '../access/viewer.js';
import type { QueryAnswer } from '../contract/frames.js';
import { querySchema, type Query } from '../contract/query.js';
import type { Database } from '../db/database.js';
import { answerQuery, refusal, type ReadQuery } from './answer.js';
import { AnswerTexts, readAnswer, writeAnswer, type AnswerText, type AskedWindow } from './answer-texts.js';
import { isOfNowOnly } from './movement.js';
import { inSnapshot, type Settings, type Snapshot } from './context.js';
import { readQuery, readRequest, type AskedQuery, type AskedRequest } from './request.js';

export interface AnswerOptions {
  /** cached answers, and those being computed for others */
  readonly texts?: AnswerTexts;
  /** the data source's uid in a Grafana through which a person asks: they get links to its boards */
  readonly linksFor?: string | undefined;
  /** cancels it */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Answers a request of POST /v1/query (design section 6) as text, in its own snapshot; `now` is epoch ms. A query that
 * cannot be answered has status 400 in its own result, one that takes too much 504 or 422; a request without queries,
 * or with a duplicate refId, is refused as a whole. Answers in `texts` are not computed again.
 * @throws InvalidQuery
 */
export async function answerRequestAsText(
  database: Database,
  asker: Asker,
  body: unknown,
  now: number,
  { texts = new AnswerTexts(), linksFor, signal }: AnswerOptions = {},
): Promise<string> {
  const request = readRequest(body);
  const results = new Map<string, string>();
  const answerAll = async (queries: readonly AskedQuery[], joins: boolean): Promise<AskedQuery[]> => {
    const others: [asked: AskedQuery, window: AskedWindow, answer: Promise<AnswerText>][] = [];
    await inSnapshot(database, asker, { now, signal }, async (snapshot) => {
      for (const asked of queries) {
        const found = answerOne(snapshot, { asked, request, linksFor, texts, joins });
        if ('elsewhere' in found) others.push([asked, found.window, found.elsewhere]);
        else results.set(asked.refId, readAnswer(await found.here, now, found.window));
      }
    });
    // wait outside the snapshot, whose connection others need
    const broken: AskedQuery[] = [];
    for (const [asked, window, answer] of others) {
      const text = await answer.catch(() => null);
      if (text === null) broken.push(asked);
      else results.set(asked.refId, readAnswer(text, now, window));
    }
    return broken;
  };
  // computed here if the other asker cancelled it
  const broken = await answerAll(request.queries, true);
  if (broken.length > 0) await answerAll(broken, false);
  const members = request.queries.map(({ refId }) => `${JSON.stringify(refId)}:${results.get(refId)!}`);
  return `{"results":{${members.join(',')}}}`;
}

/** Like `answerRequestAsText`, but as an object. */
export async function answerRequest(...request: Parameters<typeof answerRequestAsText>): Promise<QueryAnswer> {
  return JSON.parse(await answerRequestAsText(...request)) as QueryAnswer;
}

interface Asking {
  readonly asked: AskedQuery;
  readonly request: AskedRequest;
  readonly linksFor: string | undefined;
  readonly texts: AnswerTexts;
  /** whether to wait for another asker's answer to the same question */
  readonly joins: boolean;
}

/** The answer to one query: cached, computed here, or being computed for another asker. */
function answerOne(
  snapshot: Snapshot,
  { asked, request, linksFor, texts, joins }: Asking,
): { window: AskedWindow } & ({ here: AnswerText | Promise<AnswerText> } | { elsewhere: Promise<AnswerText> }) {
  let read: ReadQuery;
  try {
    const question = readQuery(asked, request);
    // what is the same for everybody leads nowhere
    read = { refId: asked.refId, ...question, linksFor: question.query.audience === 'public' ? undefined : linksFor };
  } catch (error) {
    return { window: {}, here: writeAnswer(refusal(error)) };
  }
  const key = keyOf(snapshot.tx.orgId, snapshot.settings, read);
  const window = read.query;
  const known = texts.find(key);
  if (known) return { window, here: known };
  const elsewhere = joins ? texts.underWay(key) : undefined;
  if (elsewhere) return { window, elsewhere };
  const work = async () => {
    const context = snapshot.question(read.linksFor);
    const result = await answerQuery(context, read);
    return {
      text: writeAnswer(result),
      lasts: result.status === 200 && !context.hasReadClock && read.query.explain !== true,
    };
  };
  return { window, here: texts.compute(key, work) };
}

/** Everything an answer depends on, except the time. */
function keyOf(orgId: string, settings: Settings, { refId, linksFor, query, unknown }: ReadQuery): string {
  return JSON.stringify([orgId, settings, linksFor, refId, windowOf(query), membersOf(query), unknown]);
}

/** Those who look at one board ask about windows that end when each of them asks: about so many ms apart. */
const APART_MS = 10_000;

/** The window; only roughly where all that is asked is as of now. */
function windowOf(query: Query): unknown {
  const { from, to } = query;
  const [begin, end] = [from, to].map((ms) => Math.round((ms ?? 0) / APART_MS)) as [number, number];
  return begin < end && isOfNowOnly(query) ? { begin, end } : [from, to];
}

/** A query's known members but its window, in a fixed order; the others may nest too deep to be written as JSON. */
function membersOf(query: Query): unknown[] {
  return MEMBERS.map((member) => query[member]);
}

const MEMBERS = Object.keys(querySchema.shape).filter((member) => member !== 'from' && member !== 'to');

export { AnswerTexts } from './answer-texts.js';
export { inSnapshot } from './context.js';
export { dimensionParameters, dimensionValues } from './dimension-values.js';
export { InvalidQuery } from './invalid.js';
