import { storableText } from '../contract/values.js';
import type { Origin } from './records.js';
import { textOf, type Attributes } from './values.js';

const known = new WeakMap<object, string>();

/** Where the events of a sender come from: `otlp:` and the name of its service. */
export function sourceOf({ resource }: Origin): string {
  const found = known.get(resource) ?? sourceOfService(resource);
  known.set(resource, found);
  return found;
}

function sourceOfService(resource: Attributes): string {
  const name = textOf(resource['service.name']) ?? 'unknown';
  return `otlp:${[...storableText(name.slice(0, 200))].slice(0, 100).join('')}`;
}
