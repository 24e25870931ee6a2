/** Something a person can put right: the command line prints the message as one line, without a stack, and exits 1. */
export class Failure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/\s*\n\s*/g, ' '), options);
    this.name = 'Failure';
  }
}
