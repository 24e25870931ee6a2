import * as text from '@grafana/grafana-foundation-sdk/text';
import { ask, type Setting } from './query.js';
import { HIDDEN, table, width, WRAPPED } from './tables.js';

/** A text panel with the words that the variable `name` holds. */
export function wordsOf(name: string, place: { id: number; title: string; width: number; height: number }) {
  return new text.PanelBuilder()
    .id(place.id)
    .title(place.title)
    .span(place.width)
    .height(place.height)
    .transparent(true)
    .mode(text.TextMode.Markdown)
    .content(`$${name}`);
}

/** Few rows that say where to look, each with what is at stake and a link. */
export function findings(setting: Setting, place: { id: number; width: number; height: number }) {
  return table(place.id, 'Look here', place)
    .description(
      'What stands out in the range, by what is at stake: the rules are in docs/findings.md. A click shows it.',
    )
    .datasource(setting.datasource)
    .withTarget(ask(setting, { view: 'findings' }))
    .overrideByName('kind', [width(110), WRAPPED])
    .overrideByName('what', [WRAPPED, { id: 'custom.minWidth', value: 230 }])
    .overrideByName('since', [width(130), { id: 'unit', value: 'time:D MMM HH:mm' }])
    .overrideByName('runs', [width(80)])
    .overrideByName('money', [width(110)])
    .overrideByName('link', HIDDEN);
}
