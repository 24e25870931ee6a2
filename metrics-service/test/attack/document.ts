import type { Random } from '../support/random.js';
import { BODIES, HEADERS, METHODS, mutated, oneOf, PATHS, TEXTS } from './hostile.js';

/** A request as it goes out, but for who asks. */
export interface Probe {
  readonly method: string;
  /** raw: nothing tidies it up */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  example?: unknown;
  schema?: { enum?: unknown[]; items?: { enum?: unknown[] } };
  $ref?: string;
}
interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { examples?: Record<string, { value: unknown }> }> };
}
/** What of an OpenAPI document is needed: a route that it has is attacked without further words. */
export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
}

/** Every route of the document, as `get /v1/me`. */
export function routesOf({ paths }: OpenApi): string[] {
  return Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
}

/** A hostile request to that route, or beside it. */
export function probeOf({ paths }: OpenApi, route: string, random: Random): Probe {
  const [method, path] = route.split(' ') as [string, string];
  const { parameters = [], requestBody } = paths[path]![method]!;
  const sent = bodyOf(requestBody, random);
  return {
    method: random.chance(0.9) ? method.toUpperCase() : random.pick(METHODS),
    path: random.chance(0.06) ? random.pick(PATHS) : pathOf(path, parameters, random),
    headers: { ...sent?.headers, ...(random.chance(0.3) && hostileHeaders(random)) },
    ...(sent && { body: sent.body }),
  };
}

function pathOf(path: string, parameters: Parameter[], random: Random): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const known = parameters.find((one) => one.in === 'path' && one.name === name);
    return random.chance(0.6) ? encode(String(exampleOf(known, random))) : encode(random.pick(TEXTS).slice(0, 500));
  });
  const query = parameters.filter((one) => one.in === 'query');
  const asked = query.filter(({ required }) => random.chance(required ? 0.95 : 4 / query.length));
  const pairs = asked.map((one): [string, string] => {
    const value = random.chance(0.6) ? exampleOf(one, random) : oneOf(random);
    return [one.name, typeof value === 'string' ? value : JSON.stringify(value)];
  });
  if (random.chance(0.1) && pairs.length > 0) pairs.push(random.pick(pairs));
  if (random.chance(0.1)) pairs.push([random.pick(TEXTS), random.pick(TEXTS)]);
  const text = pairs.map(([name, value]) => `${encode(name)}=${encode(value.slice(0, 3_000))}`).join('&');
  return text === '' ? filled : `${filled}?${text}`;
}

function exampleOf(parameter: Parameter | undefined, random: Random): unknown {
  const values = parameter?.schema?.enum ?? parameter?.schema?.items?.enum;
  if (values) return random.pick(values);
  return parameter?.example ?? random.pick(TEXTS);
}

/** As much as URLs need; a half of a pair has no form in them. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function bodyOf(requestBody: Operation['requestBody'], random: Random): Pick<Probe, 'headers' | 'body'> | null {
  if (!requestBody) return random.chance(0.05) ? { headers: {}, body: random.pick(BODIES) } : null;
  const [type, { examples = {} }] = random.pick(Object.entries(requestBody.content));
  const headers = { 'content-type': type };
  const values = Object.values(examples).map(({ value }) => value);
  if (values.length === 0 || random.chance(0.2)) return { headers, body: random.pick(BODIES) };
  let value = random.pick(values);
  for (let times = random.integer(0, 3); times > 0; times -= 1) value = mutated(value, random);
  return { headers, body: typeof value === 'string' ? value : JSON.stringify(value) };
}

function hostileHeaders(random: Random): Record<string, string> {
  const name = random.pick(Object.keys(HEADERS));
  return { [name]: random.pick(HEADERS[name]!) };
}
