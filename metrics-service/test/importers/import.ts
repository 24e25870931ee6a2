import { PassThrough } from 'node:stream';
import { importCommand } from '../../src/cli/import/index.js';
import type { TestService } from '../support/service.js';

/** Runs `runboard import <format> …` against a service, in an environment of its own; answers what it printed. */
export async function runImport(
  { address, clock }: Pick<TestService, 'address'> & { clock?: () => number },
  token: string,
  format: string,
  args: string[],
  environment: Record<string, string | undefined> = {},
): Promise<{ out: string; err: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = { out: '', err: '' };
  stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
  stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
  const command = importCommand({
    clock: clock ?? (() => Date.UTC(2026, 11, 1)),
    environment,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    reach: () => Promise.resolve({ url: address, token }),
  }).exitOverride();
  command.commands.forEach((sub) => sub.exitOverride().configureOutput({ writeErr: (text) => (texts.err += text) }));
  await command.parseAsync([format, ...args], { from: 'user' });
  return texts;
}
