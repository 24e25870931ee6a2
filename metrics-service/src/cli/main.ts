import { CommanderError } from 'commander';
import { createProgram } from './program.js';
import { BadUsage } from '../failure.js';
import { printable } from '../format/values.js';
import { surroundings } from './surroundings.js';

const BAD_USAGE = 2;
const FAILURE = 1;

// a closed pipe (`runboard … | head`) is not an error; on a full disk a service continues, but a command fails
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`runboard: the output cannot be written: ${error.message}\n`);
  process.exitCode = FAILURE;
});
process.stderr.on('error', () => {});

try {
  const program = await createProgram(surroundings(), process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Prints the error, unless that has been done; returns the exit code. */
function report(error: unknown): number {
  // commander has printed its message already; help and version are not errors
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_USAGE;
  if (error instanceof BadUsage) {
    process.stderr.write(`error: ${printable(error.message)}\n`);
    return BAD_USAGE;
  }
  const message = error instanceof Error ? error.message || error.name : String(error);
  process.stderr.write(`runboard: ${message.replace(/\s*\n\s*/g, ' ')}\n`);
  return FAILURE;
}
