import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { METRICS } from '../../src/catalogue/index.js';
import { EVENT_TYPES } from '../../src/contract/events.js';
import { PROBLEM_CODES } from '../../src/contract/problem.js';
import { parseEvent } from '../../src/ingest/parse.js';
import { openApiDocument } from '../../src/openapi/document.js';
import { Description } from '../support/described.js';

const description = new Description(JSON.parse(JSON.stringify(openApiDocument())));
const { document } = description;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** Each body of the document: where it stands, and its example values. */
function bodies(): { pointer: string[]; examples: [string, any][] }[] {
  return operations.flatMap(({ path, method, operation }) => {
    const at = ['paths', path, method];
    const contents: [string[], Record<string, any> | undefined][] = [
      ...(operation.requestBody ? [[[...at, 'requestBody'], operation.requestBody.content] as [string[], any]] : []),
      ...Object.entries<any>(operation.responses).map(([status, response]): [string[], any] => [
        [...at, 'responses', status],
        response.content,
      ]),
    ];
    return contents.flatMap(([pointer, content]) =>
      Object.entries(content ?? {}).map(([type, { examples }]) => ({
        pointer: [...pointer, 'content', type, 'schema'],
        examples: Object.entries<any>(examples).map(([name, { value }]): [string, any] => [name, value]),
      })),
    );
  });
}

describe('the description', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  it('refers to nothing that is not in it', () => {
    for (const [, reference] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
      const target = reference!.split('/').slice(1);
      expect(target.reduce<any>((value, member) => value?.[member], document)).toBeDefined();
    }
  });

  it('has examples for every body, and they are what its schema says', () => {
    for (const { pointer, examples } of bodies()) {
      expect([pointer, examples.length > 0]).toEqual([pointer, true]);
      for (const [name, value] of examples) {
        expect([pointer, name, description.faults(pointer, value)]).toEqual([pointer, name, []]);
      }
    }
  });

  it('has an example of every error', () => {
    const text = JSON.stringify(document);
    expect(PROBLEM_CODES.filter((code) => !text.includes(`"code":"${code}"`))).toEqual([]);
  });

  it('names every event type, with an example that is accepted, and every metric', () => {
    const types = Object.keys(document.components.schemas.Event.discriminator.mapping);
    expect(types).toEqual(EVENT_TYPES);
    const { examples } = document.paths['/v1/events']!.post.requestBody.content['application/json'];
    for (const type of EVENT_TYPES) expect(parseEvent(examples[type].value).fault).toBeUndefined();
    const metrics = JSON.stringify(document.components.schemas.Query.properties.metrics);
    expect(METRICS.filter(({ id }) => !metrics.includes(`"${id}"`))).toEqual([]);
  });

  it('refuses what the service refuses', () => {
    const example = document.paths['/v1/events']!.post.requestBody.content['application/json'].examples;
    const event = example['run.completed'].value;
    const wrong = [
      { ...event, id: '' },
      { ...event, specversion: '0.3' },
      { ...event, type: 'run.ended' },
      { ...event, source: 'x'.repeat(1001) },
      { ...event, data: { ...event.data, status: 'DONE' } },
      { ...event, data: { ...event.data, completedAt: 'yesterday' } },
      { ...event, data: { ...event.data, costUsd: '-1' } },
      { ...event, data: { ...event.data, artifacts: { linesAdded: 1.5 } } },
      { ...event, data: { ...event.data, artifacts: { linesAdded: -1 } } },
      { ...event, data: { ...event.data, usage: [{ inputTokens: 1, outputTokens: 1 }] } },
      { ...event, data: { ...event.data, usage: [{ model: 'm', inputTokens: 1.5, outputTokens: 1 }] } },
      {
        ...event,
        data: { ...event.data, usage: [{ model: 'm', inputTokens: 1, outputTokens: 1, cacheReadTokens: 1e-42 }] },
      },
      { ...example['user.upserted'].value, time: undefined },
    ].map((value) => JSON.parse(JSON.stringify(value)));
    for (const value of wrong) {
      expect(parseEvent(value).fault).toBeDefined();
      expect(description.faults(['components', 'schemas', 'Event'], value)).not.toEqual([]);
    }
  });
});
