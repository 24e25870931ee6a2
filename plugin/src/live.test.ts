import {
  CoreApp,
  dateTime,
  LiveChannelConnectionState,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
} from '@grafana/data';
import { config, setGrafanaLiveSrv, type GrafanaLiveSrv } from '@grafana/runtime';
import { type Subscription } from 'rxjs';
import { fakeGrafana } from './test/grafana';
import { answer, ENDED, FakeLive } from './test/live';
import { type RunboardQuery } from './types';

const QUERY: RunboardQuery = { refId: 'A', version: 1, view: 'live' };
const RANGE = { from: dateTime(1000), to: dateTime(9000), raw: { from: 'now-1h', to: 'now' } };

let live: FakeLive;
let grafana: ReturnType<typeof fakeGrafana>;
let panel: { shown: DataQueryResponse[]; hasEnded: boolean };
let subscription: Subscription;

/** A panel of a board that asks for this; the first answer is there. */
async function open(query: Partial<RunboardQuery> = {}, app = CoreApp.Dashboard, results = answer(1000).results) {
  grafana = fakeGrafana({ results });
  const targets = [{ ...QUERY, ...query }];
  const request = { app, targets, range: RANGE, scopedVars: {}, timezone: 'utc', maxDataPoints: 7, requestId: 'Q1' };
  panel = { shown: [], hasEnded: false };
  subscription = grafana.datasource.query(request as unknown as DataQueryRequest<RunboardQuery>).subscribe({
    next: (response) => panel.shown.push(response),
    complete: () => (panel.hasEnded = true),
  });
  await pass(0);
}

/** Lets that much time go by (ms). */
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
const asked = () => grafana.queries().length;
/** How long the panel says that the run has taken, in seconds. */
function elapsed(): number {
  const frames = panel.shown.at(-1)!.data as DataFrame[];
  return Math.round(Number(frames[0].fields[1].values[0]) / 1000);
}

function look(state: 'visible' | 'hidden'): void {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
  jest.useFakeTimers();
  live = new FakeLive();
  setGrafanaLiveSrv(live as unknown as GrafanaLiveSrv);
  config.liveEnabled = true;
});
afterEach(() => {
  subscription.unsubscribe();
  look('visible');
  jest.useRealTimers();
});

describe('a panel of what is as of now', () => {
  it('shows what comes over its channel, and asks no more by itself', async () => {
    await open({ filters: { role: ['x'] } });
    const data = {
      from: 1000,
      maxDataPoints: 7,
      queries: [{ ...QUERY, filters: { role: ['x'] }, timezone: 'UTC' }],
    };
    expect(live.addresses).toEqual([{ scope: 'ds', stream: 'runboard', path: 'live/of-me', data }]);
    expect([asked(), elapsed()]).toEqual([1, 1]);
    for (const seconds of [40, 50, 60]) {
      live.says({ id: `${seconds}`, answer: answer(seconds * 1000) });
      expect([elapsed(), panel.shown.at(-1)!.state]).toEqual([seconds, 'Streaming']);
      await pass(5000);
    }
    expect([asked(), live.open]).toEqual([1, 1]);
  });

  it('counts on each second what goes on by itself, without a request', async () => {
    await open();
    live.says({ id: '1', answer: answer(40_000) });
    await pass(3000);
    expect([elapsed(), asked()]).toEqual([43, 1]);
  });

  it('asks once for an answer that did not come with its id', async () => {
    await open();
    live.says({ id: '1', answer: answer(1000) });
    live.says({ id: '1' });
    await pass(0);
    expect(asked()).toBe(1);
    live.says({ id: '2' });
    live.says({ id: '2' });
    await pass(0);
    expect(asked()).toBe(2);
  });

  it('has a window that ends where it was set to end', async () => {
    grafana = fakeGrafana({ results: answer(1000).results });
    const range = { ...RANGE, raw: { from: 'now-2d', to: 'now-1d' } };
    const request = { app: CoreApp.Dashboard, targets: [QUERY], range, scopedVars: {}, requestId: 'Q1' };
    subscription = grafana.datasource.query(request as unknown as DataQueryRequest<RunboardQuery>).subscribe();
    await pass(0);
    expect(live.addresses).toMatchObject([{ data: { from: 1000, to: 9000 } }]);
  });
});

describe('without Grafana Live', () => {
  const polls = async () => {
    const before = asked();
    await pass(20_000);
    return asked() - before >= 3;
  };

  it('where it is switched off, it asks again and again', async () => {
    config.liveEnabled = false;
    await open();
    expect([await polls(), live.addresses]).toEqual([true, []]);
  });

  it.each([
    ['refused', () => live.is(LiveChannelConnectionState.Connecting, 'permission denied')],
    ['ended by Grafana', () => live.is(LiveChannelConnectionState.Disconnected)],
    ['silent for ten seconds', () => {}],
  ])('where the channel is %s, too, until it works again', async (_what, happens) => {
    await open();
    happens();
    await pass(10_000);
    expect(await polls()).toBe(true);
    // meanwhile it was tried again
    expect(live.addresses.length).toBeGreaterThan(1);
    while (live.open === 0) await pass(1000);
    live.says({ id: '9', answer: answer(99_000) });
    const before = asked();
    await pass(9000);
    expect([asked(), elapsed()]).toEqual([before, 108]);
  });

  it('a connection that comes back soon is waited for', async () => {
    await open();
    live.is(LiveChannelConnectionState.Connecting);
    await pass(4000);
    live.is(LiveChannelConnectionState.Connected);
    live.says({ id: '1', answer: answer(1000) });
    await pass(5000);
    expect([asked(), live.addresses.length]).toEqual([1, 1]);
  });
});

it('a channel that ends by itself is opened anew under the name that it has then', async () => {
  await open();
  live.says({ id: '1', answer: answer(1000) });
  live.says({ hasEnded: true });
  expect(live.open).toBe(0);
  await pass(1000);
  expect([live.open, live.addresses.length, asked()]).toEqual([1, 2, 1]);
});

it('a tab that is not looked at neither listens nor asks; then it asks at once', async () => {
  await open();
  look('hidden');
  await pass(60_000);
  expect([live.open, asked()]).toEqual([0, 1]);
  look('visible');
  await pass(0);
  expect([live.open, asked()]).toEqual([1, 2]);
});

it('a panel that is closed leaves its channel', async () => {
  await open();
  subscription.unsubscribe();
  await pass(60_000);
  expect([live.open, asked()]).toEqual([0, 1]);
});

it('what was shown stays beside the word of what went wrong', async () => {
  await open();
  live.says({ id: '1', answer: answer(40_000) });
  live.says({ id: '2', answer: { results: { A: { status: 502, error: 'cannot be reached' } } } });
  expect([elapsed(), panel.shown.at(-1)!.errors?.[0]?.message]).toEqual([40, 'cannot be reached']);
});

describe('a connection that breaks', () => {
  it.each([
    ['to Grafana', new TypeError('Failed to fetch')],
    ['behind a proxy', { status: 502, statusText: 'Bad Gateway', data: '' }],
  ])('%s leaves what was shown, says so, and goes on when it is back', async (_what, failure) => {
    await open({ live: true });
    live.says({ id: '1', answer: answer(40_000) });
    grafana.server.failure = failure;
    live.is(LiveChannelConnectionState.Disconnected);
    await pass(60_000);
    expect([elapsed() >= 40, panel.hasEnded]).toEqual([true, false]);
    const message = 'Grafana cannot be reached: what is shown is of before';
    expect(panel.shown.at(-1)).toMatchObject({ state: 'Error', errors: [{ message }] });
    delete grafana.server.failure;
    grafana.server.results = answer(200_000).results;
    await pass(5_000);
    expect([Math.floor(elapsed() / 10), panel.shown.at(-1)!.errors]).toEqual([20, undefined]);
    await pass(15_000);
    live.says({ id: '2', answer: answer(300_000) });
    expect(elapsed()).toBe(300);
  });
});

describe('is answered once', () => {
  it.each([
    ['what is not as of now', CoreApp.Dashboard, answer(1000, {}), {}],
    ['what would be live, of a session that has ended', CoreApp.Dashboard, answer(1000, {}), { live: true }],
    ['Explore', CoreApp.Explore, answer(1000), {}],
    ['an alert rule', CoreApp.UnifiedAlerting, answer(1000), {}],
  ])('%s', async (_what, app, { results }, query) => {
    await open(query, app, results);
    await pass(60_000);
    expect([panel.hasEnded, live.addresses, asked()]).toEqual([true, [], 1]);
  });
});

describe('a session that ends', () => {
  const results = { A: { status: 200, frames: [ENDED] } };

  it('is shown as it ended, and left alone', async () => {
    await open({ live: true });
    live.says({ id: '1', answer: answer(40_000) });
    expect([panel.shown.at(-1)!.state, panel.hasEnded]).toEqual(['Streaming', false]);
    live.says({ id: '2', answer: { results } });
    await pass(60_000);
    expect([elapsed(), panel.shown.at(-1)!.state]).toEqual([50, 'Done']);
    expect([panel.hasEnded, live.open, asked()]).toEqual([true, 0, 1]);
  });

  it('is asked for no more without Grafana Live, either', async () => {
    config.liveEnabled = false;
    await open({ live: true });
    await pass(5000);
    grafana.server.results = results;
    await pass(5000);
    const before = asked();
    await pass(60_000);
    expect([panel.hasEnded, asked()]).toEqual([true, before]);
  });
});

it('a panel that says that it is live is tried again when the first answer is an error', async () => {
  await open({ live: true }, CoreApp.Dashboard, { A: { status: 502, error: 'cannot be reached' } } as never);
  expect(panel.shown.at(-1)!.errors?.[0]?.message).toBe('cannot be reached');
  live.says({ id: '1', answer: answer(5000) });
  expect(elapsed()).toBe(5);
});
