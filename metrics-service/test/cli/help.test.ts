import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program.js';
import { loadConfig, VARIABLE_TEXTS } from '../../src/config.js';

async function help(...args: string[]): Promise<string> {
  let text = '';
  const stdout = new PassThrough();
  stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const stream = stdout as unknown as NodeJS.WriteStream;
  const config = () => loadConfig({});
  const surroundings = {
    clock: () => 0,
    stdout: stream,
    stderr: stream,
    actor: 'tester@test',
    environment: {},
    config,
  };
  const program = await createProgram(surroundings, args);
  await program.parseAsync(args, { from: 'user' }).catch(() => {});
  return text;
}

/** The commands that do something, as one types them. */
function commandsOf(command: Command, names: string[] = []): string[][] {
  return command.commands.length === 0
    ? [names]
    : command.commands.flatMap((child) => commandsOf(child, [...names, child.name()]));
}
const silent = new PassThrough() as unknown as NodeJS.WriteStream;
const COMMANDS = commandsOf(
  await createProgram(
    {
      ...{ clock: () => 0, stdout: silent, stderr: silent, actor: 'tester@test', environment: {} },
      config: () => loadConfig({}),
    },
    [],
  ),
);

describe('the help', () => {
  it('names every variable', async () => {
    const text = await help('--help');
    for (const [name] of VARIABLE_TEXTS) expect(text).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
  });

  it.each([...COMMANDS.map((names) => names.join(' ')), 'dead-letters'])('of `%s` has an example', async (names) => {
    expect(await help(...names.split(' '), '--help')).toMatch(new RegExp(`Examples?:\n(  .*\n)*  .*runboard ${names}`));
  });

  it('is not needed for the version', async () => {
    expect(await help('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
