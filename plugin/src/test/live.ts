import { type LiveChannelConnectionState, LiveChannelEventType, type LiveChannelEvent } from '@grafana/data';
import { finalize, Subject } from 'rxjs';

/** An answer as Grafana's server gives it: one run that has taken that long (ms). */
export function answer(elapsed: number, custom: object = { live: true }) {
  const fields = [
    { name: 'run', type: 'string', typeInfo: { frame: 'string' } },
    { name: 'elapsed', type: 'number', typeInfo: { frame: 'float64' }, config: { custom: { ticks: true } } },
  ];
  const frame = { schema: { refId: 'A', meta: { custom }, fields }, data: { values: [['r1'], [elapsed]] } };
  return { results: { A: { status: 200, frames: [frame] } } };
}

/** The frame of a session that moves no more: of nothing that counts on. */
export const ENDED = {
  schema: {
    ...{ refId: 'A', meta: { custom: {} } },
    fields: [
      { name: 'run', type: 'string', typeInfo: { frame: 'string' } },
      { name: 'duration', type: 'number', typeInfo: { frame: 'float64' } },
    ],
  },
  data: { values: [['r1'], [50_000]] },
};

/** Grafana Live: what was subscribed to, and what comes over the newest channel. */
export class FakeLive {
  readonly addresses: unknown[] = [];
  open = 0;
  channel = new Subject<LiveChannelEvent>();

  getStream(address: unknown) {
    this.addresses.push(address);
    this.channel = new Subject();
    this.open += 1;
    return this.channel.pipe(finalize(() => (this.open -= 1)));
  }

  says(message: object): void {
    this.channel.next({ type: LiveChannelEventType.Message, message });
  }

  is(state: LiveChannelConnectionState, error?: string): void {
    this.channel.next({ type: LiveChannelEventType.Status, id: 'x', timestamp: 0, state, error });
  }
}
