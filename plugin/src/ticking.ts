import { type DataFrame, type DataQueryResponse, type Field } from '@grafana/data';
import { interval, map, of, startWith, type Observable } from 'rxjs';

const EVERY_MS = 1_000;

/** The answer, and where the service marks times that go on by themselves, the same again each second with them further on. */
export function ticking(response: DataQueryResponse): Observable<DataQueryResponse> {
  const frames = response.data as DataFrame[];
  if (!frames.some(({ fields }) => fields.some(goesOn))) return of(response);
  const began = performance.now();
  return interval(EVERY_MS).pipe(
    map(() => ({ ...response, data: frames.map((frame) => later(frame, performance.now() - began)) })),
    startWith(response),
  );
}

function goesOn({ config }: Field): boolean {
  return (config.custom as { ticks?: boolean } | undefined)?.ticks === true;
}

function later(frame: DataFrame, passed: number): DataFrame {
  const count = (ms: number | null): number | null => (ms === null ? null : ms + passed);
  const fields = frame.fields.map((field) => (goesOn(field) ? { ...field, values: field.values.map(count) } : field));
  return { ...frame, fields };
}
