import { getValueFormatterIndex, type DataFrame, type Field, type ValueFormatter } from '@grafana/data';
import { showDuration, showMoney } from '@runboard/metrics-service/format';

/**
 * Units for the forms that Grafana has none for, `14m 39s` and `$0.0042`. Their ids, with thin spaces that nobody types, are
 * also units in Grafana's own way of writing them: a snapshot that is looked at without the plugin has "879000 ms".
 */
const DURATION = 'suffix:\u2009ms';
const MONEY = 'prefix:$\u200a';

/** Takes the place of the units that the service sends, which are also right where there is no plugin. */
const OURS: Readonly<Record<string, string>> = { clockms: DURATION, ms: DURATION, currencyUSD: MONEY };

/** `decimals` are those of an axis, or chosen in the panel. */
const money: ValueFormatter = (value, decimals) => {
  if (value === null) return { text: '' };
  if (decimals === null || decimals === undefined) return { text: showMoney(value) };
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return { text: new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', ...digits }).format(value) };
};

const duration: ValueFormatter = (value) => ({ text: value === null ? '' : showDuration(value) });

/** Makes these units known to all panels of this Grafana. */
export function registerFormats(): void {
  Object.assign(getValueFormatterIndex(), { [DURATION]: duration, [MONEY]: money });
}

/** Money and durations as the command line writes them. */
export function inOurForms(frame: DataFrame): DataFrame {
  return { ...frame, fields: frame.fields.map(inOurForm) };
}

function inOurForm(field: Field): Field {
  const unit = OURS[field.config.unit ?? ''];
  // the decimals of the other unit would win over those of the panel
  return unit ? { ...field, config: { ...field.config, unit, decimals: undefined } } : field;
}
