import { Writable } from 'node:stream';

/** The text that is written to a stream. */
export async function collected(write: (to: Writable) => Promise<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  await write(to);
  return Buffer.concat(chunks).toString('utf8');
}
