import {
  isLiveChannelMessageEvent,
  isLiveChannelStatusEvent,
  LiveChannelConnectionState,
  LiveChannelScope,
  LoadingState,
  type DataQueryResponse,
  type LiveChannelEvent,
} from '@grafana/data';
import { config, getGrafanaLiveSrv, type BackendDataSourceResponse } from '@grafana/runtime';
import {
  BehaviorSubject,
  concatMap,
  distinctUntilChanged,
  EMPTY,
  exhaustMap,
  filter,
  finalize,
  from,
  fromEvent,
  map,
  merge,
  mergeMap,
  of,
  retry,
  scan,
  startWith,
  switchMap,
  takeWhile,
  tap,
  throwError,
  timeout,
  timer,
  type Observable,
} from 'rxjs';
import { ticking } from './ticking';

/** Without a word from the channel for so long, the panel asks by itself. */
const SILENCE_MS = 10_000;
const POLL_MS = 5_000;
/** A channel that was refused or is silent is tried again after this. */
const AGAIN_MS = 15_000;
/** Grafana keeps a channel a quarter of a second longer than somebody listens; then its path can be another one. */
const NEW_PATH_MS = 1_000;

const { Disconnected, Invalid, Shutdown } = LiveChannelConnectionState;

/** What the backend is to answer again and again: a request of `POST /v1/query`; without an end its window ends now. */
export interface LiveQuestion {
  from: number;
  to?: number;
  maxDataPoints?: number;
  queries: object[];
}

/** What comes over a channel: the answer as Grafana's server would give it, or the id of the one that is true now. */
interface Message {
  id?: string;
  answer?: BackendDataSourceResponse;
  hasEnded?: boolean;
}

export interface Following {
  question: LiveQuestion;
  /** asks once, as panels do */
  ask: () => Observable<DataQueryResponse>;
  /** the answer of a message, as a panel gets it */
  read: (answer: BackendDataSourceResponse) => DataQueryResponse;
  /** the data source, and the name of its channel for this question and whoever looks */
  uid: string;
  path: () => Promise<string>;
}

class ChannelLost extends Error {}
class ChannelEnded extends Error {}

/** Whether the service says that the answer is as of now. */
export function isOfNow({ data }: DataQueryResponse): boolean {
  return data.some(({ meta }: { meta?: { custom?: { live?: boolean } } }) => meta?.custom?.live === true);
}

/** Whether some of it could not be answered. Where Grafana itself cannot be reached, its answer is empty, without a word of it. */
export function hasFailed({ data, state, errors }: DataQueryResponse): boolean {
  return data.length === 0 || state === LoadingState.Error || Boolean(errors?.length);
}

/**
 * The first answer and those after it, as long as a panel is subscribed and the tab is looked at: as they come over
 * Grafana Live, by asking again and again where nothing comes. Completes with an answer that is no longer as of now.
 */
export function follow(first: DataQueryResponse, following: Following): Observable<DataQueryResponse> {
  return isLookedAt().pipe(
    switchMap((isLooked, index) => {
      if (!isLooked) return EMPTY;
      return index === 0 ? watch(following) : merge(following.ask(), watch(following));
    }),
    startWith(first),
    takeWhile((answer) => isOfNow(answer) || hasFailed(answer), true),
    map((answer) => (isOfNow(answer) || hasFailed(answer) ? answer : { ...answer, state: LoadingState.Done })),
    scan(keepWhatWasShown),
    switchMap(ticking),
  );
}

function isLookedAt(): Observable<boolean> {
  return fromEvent(document, 'visibilitychange').pipe(
    startWith(null),
    map(() => document.visibilityState !== 'hidden'),
    distinctUntilChanged(),
  );
}

function watch(following: Following): Observable<DataQueryResponse> {
  const isHeard = new BehaviorSubject(config.liveEnabled);
  const heard = config.liveEnabled ? listen(following, isHeard) : EMPTY;
  const polled = isHeard.pipe(
    distinctUntilChanged(),
    switchMap((yes) => (yes ? EMPTY : timer(0, POLL_MS).pipe(exhaustMap(following.ask)))),
  );
  return merge(heard, polled).pipe(finalize(() => isHeard.complete()));
}

/** What comes over the channel, which is tried again and again. */
function listen(following: Following, isHeard: BehaviorSubject<boolean>): Observable<DataQueryResponse> {
  let known: string | undefined;
  const answers = ({ id, answer }: Message): Observable<DataQueryResponse> => {
    const isKnown = id === known;
    known = id;
    if (answer) return of({ ...following.read(answer), state: LoadingState.Streaming });
    return isKnown ? EMPTY : following.ask();
  };
  return channel(following).pipe(
    tap({ next: () => isHeard.next(true) }),
    concatMap(answers),
    retry({
      delay: (error) => {
        if (error instanceof ChannelEnded) return timer(NEW_PATH_MS);
        isHeard.next(false);
        return timer(AGAIN_MS);
      },
    }),
  );
}

/** The messages of the channel. Fails when it is refused, lost, or silent. */
function channel({ question, uid, path }: Following): Observable<Message> {
  return of(null).pipe(
    switchMap(() => from(path())),
    switchMap((name) =>
      getGrafanaLiveSrv().getStream<Message>({
        ...{ scope: LiveChannelScope.DataSource, stream: uid, path: name, data: question },
      }),
    ),
    mergeMap((event) => (isLost(event) ? throwError(() => new ChannelLost()) : of(event))),
    filter(isLiveChannelMessageEvent),
    map(({ message }) => message),
    mergeMap((message) => (message.hasEnded ? throwError(() => new ChannelEnded()) : of(message))),
    timeout(SILENCE_MS),
  );
}

/** A connection that is about to come back is not lost: either something comes, or it is silent. */
function isLost(event: LiveChannelEvent): boolean {
  return (
    isLiveChannelStatusEvent(event) && (Boolean(event.error) || [Disconnected, Invalid, Shutdown].includes(event.state))
  );
}

const UNREACHABLE = { message: 'Grafana cannot be reached: what is shown is of before' };

/** What was shown stays beside the word of what went wrong, until there is something new. */
function keepWhatWasShown(before: DataQueryResponse, now: DataQueryResponse): DataQueryResponse {
  if (now.data.length > 0) return now;
  return { ...now, data: before.data, state: LoadingState.Error, errors: now.errors ?? [UNREACHABLE] };
}
