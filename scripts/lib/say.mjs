/** Progress goes to stderr: stdout belongs to what a command prints. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** An expected failure: its message is the one line that the user sees. */
export class Stop extends Error {}

/** Runs a script's main function; a Stop ends the process with its one line and exit code 1. */
export function main(work) {
  work().catch((error) => {
    say(error instanceof Stop ? error.message : error.stack);
    process.exit(1);
  });
}
