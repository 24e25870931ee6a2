import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWorld, WINDOW, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

async function valuesOf(name: string, given: Record<string, string | string[]>): Promise<unknown> {
  const pairs = Object.entries(given).flatMap(([key, values]) =>
    [values].flat().map((value): [string, string] => [key, value]),
  );
  const parameters = new URLSearchParams(pairs);
  const { status, body } = await world.request(`/v1/dimensions/${name}/values?${parameters.toString()}`);
  return status === 200 ? body.values.map(({ value }: { value: string }) => value) : body.detail;
}

describe('values of a dimension on runs that pass filters', () => {
  // of all: Ann (core) ran in web, Bob (apps) and Ann in api, Cyd, of no team, in s3 of no repository, in February
  it.each([
    ['user', { 'var-team': 'core' }, ['u-ann']],
    ['user', { 'var-team': ['core', 'apps'] }, ['u-ann', 'u-bob']],
    ['user', { 'var-team': '(none)' }, ['u-cyd']],
    ['user', { 'var-team': 'nobody' }, []],
    ['user', { 'var-team': '$__all', 'var-repo': 'web' }, ['u-ann']],
    ['user', { 'var-repo': 'api', 'var-status': 'IN_FLIGHT' }, ['u-ann']],
    ['user', { filters: '{"team":{"not":["core"]}}', from: String(WINDOW.from), to: String(WINDOW.to) }, ['u-bob']],
    ['user', { 'var-user': 'Ann' }, ['u-ann']],
    ['repo', { 'var-user': 'u-ann' }, ['api', 'web']],
    ['session', { 'var-team': 'apps' }, ['s2']],
    ['user', { 'var-local_handoff': 'true', from: String(WINDOW.from), to: String(WINDOW.to) }, ['u-ann', 'u-bob']],
  ])('%s with %j', async (name, given, expected) => {
    expect(await valuesOf(name, given)).toEqual(expected);
  });

  it.each([
    [{ filters: '[' }, 'filters must be JSON'],
    [{ filters: '{"nothing":["a"]}' }, 'unknown dimension "nothing"'],
    [{ 'var-nothing': 'a' }, 'unknown dimension "nothing"'],
    [{ filters: '{"team":{"is":1}}' }, 'filters: must be a value'],
    [{ 'var-phase': 'plan' }, 'phase'],
  ])('refuses %j', async (given, says) => {
    expect(await valuesOf('user', given)).toContain(says);
  });
});
