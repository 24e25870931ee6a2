/** ICU's word where there is none. The service then takes the organization's zone, and says so. */
const NO_ZONE = 'Etc/Unknown';

/** Grafana's name of a time zone (`browser`, `utc`, or IANA's own) as an IANA name; some browsers know none. */
export function ianaZone(zone: string | undefined): string {
  if (zone === 'utc') return 'UTC';
  return zone && zone !== 'browser' ? zone : browserZone();
}

function browserZone(): string {
  try {
    return Intl.DateTimeFormat().resolvedOptions().timeZone || NO_ZONE;
  } catch {
    return NO_ZONE;
  }
}
