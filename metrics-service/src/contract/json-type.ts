/** Matches `application/json`, `text/json`, `application/vnd.acme+json` and the like, with or without parameters. */
export const JSON_TYPE = /^\s*[\w!#$&^.+-]+\/(?:[\w!#$&^.+-]+\+)?json\s*(?:;|$)/i;

export function isJsonType(contentType: string): boolean {
  return JSON_TYPE.test(contentType);
}
