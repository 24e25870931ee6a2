/** Grafana's name of a time zone (`browser`, `utc`, or IANA's own) as an IANA name. */
export function ianaZone(zone: string | undefined): string {
  if (zone === 'utc') return 'UTC';
  return zone && zone !== 'browser' ? zone : Intl.DateTimeFormat().resolvedOptions().timeZone;
}
