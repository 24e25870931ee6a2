import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

interface Described {
  paths: Record<string, Record<string, any>>;
  [member: string]: any;
}

/** The service's description as a check: whether bodies are what it says. */
export class Description {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #checks = new Map<string, ValidateFunction>();

  constructor(readonly document: Described) {
    (addFormats as unknown as (ajv: Ajv2020) => void)(this.#ajv);
    this.#ajv.addSchema(document, 'openapi.json');
  }

  /** What is wrong with a body, by the schema at this place of the document. */
  faults(pointer: readonly string[], body: unknown): string[] {
    const key = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const check = this.#checks.get(key) ?? this.#ajv.compile({ $ref: `openapi.json#/${key}` });
    this.#checks.set(key, check);
    return check(body) ? [] : check.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
  }

  /** What is wrong with an answer: a status, media type or body that is not described. */
  faultsOfAnswer(method: string, path: string, answer: { status: number; headers: Headers; body: unknown }): string[] {
    const responses = this.document.paths[path]?.[method]?.responses;
    const response = responses?.[answer.status];
    if (!response) return [`${method} ${path} is not said to answer ${answer.status}`];
    const missing = Object.keys(response.headers ?? {}).filter((name) => !answer.headers.has(name));
    if (missing.length > 0) return missing.map((name) => `${name} is missing`);
    if (!response.content) return answer.body === '' ? [] : ['there is a body'];
    const type = answer.headers.get('content-type')!.split(';')[0]!;
    if (!response.content[type]) return [`${type} is not described`];
    return this.faults(
      ['paths', path, method, 'responses', String(answer.status), 'content', type, 'schema'],
      answer.body,
    );
  }
}
