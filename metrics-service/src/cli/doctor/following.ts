import { inOrg } from '../hint.js';
import type { Format } from '../import/formats.js';
import { placeOf, statusOf } from '../service/index.js';
import type { Surroundings } from '../surroundings.js';
import type { Line } from './line.js';

/** Whether a service imports the transcripts always, and how it is. */
export async function lookForFollower({ name }: Format, { environment }: Surroundings, org?: string): Promise<Line[]> {
  const status = await statusOf(placeOf(environment), name);
  const line = { part: 'following', check: 'service' } as const;
  const install = `runboard import ${name} --install${inOrg(org)}`;
  if (!status) return [{ ...line, state: 'note', count: 0, found: `${name}: no service imports it`, remedy: install }];
  const { isRunning, since, state, lastLines: details, file } = status;
  if (isRunning) {
    return [
      { ...line, state: 'ok', count: 1, found: `${name}: runs since ${since ?? 'an unknown time'}, ${state}`, details },
    ];
  }
  const found =
    isRunning === null
      ? `${name}: ${file} is there, but whether it runs nobody can say (${state})`
      : `${name}: is installed and does not run: ${state}`;
  return [
    {
      ...line,
      state: 'attention',
      count: 0,
      found,
      remedy: `${install} (with its options), in a session of this account`,
      details,
    },
  ];
}
