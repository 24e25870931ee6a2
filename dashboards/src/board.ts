import {
  DashboardBuilder,
  DashboardCursorSync,
  TimeOptionBuilder,
  TimePickerBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** Whole days up to now: a bar for a part of a day would make all bars as thin as it. */
const days = (count: number) => ({ from: `now-${count - 1}d/d`, to: 'now' });

const RANGES = [7, 30, 60, 90];

/** An empty board: the last 30 days, with 7, 30, 60 and 90 at hand. */
export function board(uid: string, title: string, description: string): DashboardBuilder {
  return new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['runboard'])
    .time(days(30))
    .timepicker(
      new TimePickerBuilder().quickRanges(
        RANGES.map((count) => {
          const { from, to } = days(count);
          return new TimeOptionBuilder().display(`Last ${count} days`).from(from).to(to);
        }),
      ),
    )
    .tooltip(DashboardCursorSync.Crosshair);
}
