import { readFileSync } from 'node:fs';
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
  readonly noDataState: string;
  readonly execErrState: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: readonly RuleQuery[];
}

const FILE = new URL('../../../provisioning/alerting/runboard.yaml', import.meta.url);

const { groups } = parse(readFileSync(FILE, 'utf8')) as {
  groups: { folder: string; rules: Rule[] }[];
};

/** The alert rules that are provisioned. */
export const RULES: readonly Rule[] = groups.flatMap(({ rules }) => rules);
export const FOLDERS: readonly string[] = groups.map(({ folder }) => folder);
