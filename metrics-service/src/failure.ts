/** Something a person can put right: the command line prints the message as one line, without a stack, and exits 1. */
export class Failure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/\s*\n\s*/g, ' '), options);
    this.name = 'Failure';
  }
}

/** It was asked in a way that cannot be answered: exit code 2. The message says what would be right. */
export class BadUsage extends Error {
  override readonly name = 'BadUsage';
}
