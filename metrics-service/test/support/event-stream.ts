/** One message of a stream of server-sent events. */
export interface Message {
  id: string | null;
  event: string;
  data: any;
}

/** A reader of `GET /v1/live`: what has come so far, and what comes next. */
export interface EventStream {
  readonly status: number;
  /** the next message that passes, within ten seconds; those before it are dropped */
  next(passes?: (message: Message) => boolean): Promise<Message>;
  /** whether the service has ended it */
  readonly hasEnded: boolean;
  close(): void;
}

/** Opens a stream. Refusals have their status, and no messages. */
export async function openStream(url: string, headers: Record<string, string>): Promise<EventStream> {
  const stop = new AbortController();
  const response = await fetch(url, { headers, signal: stop.signal });
  const waiting: Message[] = [];
  let hasEnded = false;
  let wake = (): void => {};
  const read = async (): Promise<void> => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const message of blocks.map(parse)) if (message) waiting.push(message);
      wake();
    }
  };
  if (response.status === 200) {
    read()
      .catch(() => {})
      .finally(() => {
        hasEnded = true;
        wake();
      });
  } else stop.abort();
  return {
    status: response.status,
    async next(passes = () => true) {
      const until = performance.now() + 10_000;
      for (;;) {
        for (let message = waiting.shift(); message; message = waiting.shift()) if (passes(message)) return message;
        const left = until - performance.now();
        if (hasEnded || left <= 0) throw new Error(hasEnded ? 'the stream has ended' : 'nothing came');
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
    get hasEnded() {
      return hasEnded;
    },
    close: () => stop.abort(),
  };
}

function parse(block: string): Message | null {
  const fields = new Map(block.split('\n').map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
  const data = fields.get('data');
  if (data === undefined) return null;
  return { id: fields.get('id') ?? null, event: fields.get('event') ?? 'message', data: JSON.parse(data) };
}

/** What came last, and how long the fastest took after it was acknowledged: a machine that does other things is slow at times. */
export async function fastestOf(
  tries: number,
  send: (tried: number) => Promise<() => Promise<Message>>,
): Promise<[last: Message, fastestMs: number]> {
  let [last, fastest] = [undefined as Message | undefined, Infinity];
  for (let tried = 0; tried < tries; tried += 1) {
    const next = await send(tried);
    const acknowledged = performance.now();
    last = await next();
    fastest = Math.min(fastest, performance.now() - acknowledged);
  }
  return [last!, fastest];
}
