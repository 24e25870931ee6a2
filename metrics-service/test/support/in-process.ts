import { PassThrough } from 'node:stream';
import { CommanderError } from 'commander';
import { createProgram } from '../../src/cli/program.js';
import { loadConfig } from '../../src/config.js';

/** What a command in this process wrote; `message` of what it threw. */
export interface Spoken {
  out: string;
  err: string;
  code: number;
  message: string;
}

/** `runboard …` in this process, at that moment (epoch ms) and on that database. */
export function inProcess(now: number, databaseUrl: () => string): (...args: string[]) => Promise<Spoken> {
  return async (...args) => {
    const texts = { out: '', err: '' };
    const stream = (name: 'out' | 'err') => {
      const through = new PassThrough();
      through.on('data', (chunk: Buffer) => (texts[name] += chunk.toString()));
      return through as unknown as NodeJS.WriteStream;
    };
    const surroundings = {
      clock: () => now,
      stdout: stream('out'),
      stderr: stream('err'),
      actor: 'tester@test',
      config: () => loadConfig({ DATABASE_URL: databaseUrl() }),
      environment: {},
    };
    const program = await createProgram(surroundings, args);
    const failed = await program.parseAsync(args, { from: 'user' }).then(
      () => null,
      (error: unknown) => error as Error,
    );
    const code = failed === null ? 0 : failed instanceof CommanderError ? failed.exitCode : 1;
    return { ...texts, code, message: failed?.message ?? '' };
  };
}
