import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Target } from './boards.js';

interface RuleQuery {
  readonly refId: string;
  readonly datasourceUid: string;
  /** seconds before now */
  readonly relativeTimeRange: { readonly from: number; readonly to: number };
  readonly model: Target & { readonly expression?: string };
}

export interface Rule {
  readonly uid: string;
  readonly title: string;
  readonly condition: string;
  /** how long it must hold */
  readonly for: string;
  readonly noDataState: string;
  readonly execErrState: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: readonly RuleQuery[];
}

const FOLDER = new URL('../../../provisioning/alerting/', import.meta.url);

interface Group {
  readonly name: string;
  readonly folder: string;
  readonly rules: readonly Rule[];
}

/** As they are provisioned, file by file. */
export const GROUPS: readonly Group[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) => (parse(readFileSync(new URL(file, FOLDER), 'utf8')) as { groups?: Group[] }).groups ?? []);

/** The alert rules that are provisioned. */
export const RULES: readonly Rule[] = GROUPS.flatMap(({ rules }) => rules);
