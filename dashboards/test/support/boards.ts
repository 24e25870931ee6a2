import { readFileSync } from 'node:fs';
import { boardFiles } from '../../src/files.js';
import type { Filters } from '../../src/query.js';

/** A query as it stands in a board's file; `panelId` where it is another panel's. */
export interface Target {
  readonly refId: string;
  readonly panelId?: number;
  readonly filters?: Filters;
  readonly [member: string]: unknown;
}

interface Override {
  readonly matcher: { readonly id: string; readonly options: string };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

export interface Panel {
  /** of a folded row */
  readonly panels?: readonly Panel[];
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly Target[];
  readonly transformations?: readonly { readonly id: string; readonly options: Readonly<Record<string, unknown>> }[];
  readonly fieldConfig?: { readonly overrides: readonly Override[] };
  readonly options?: {
    readonly reduceOptions?: { readonly calcs: string[]; readonly fields: string };
    readonly series?: readonly Readonly<Record<'x' | 'y', Pick<Override, 'matcher'>>>[];
  };
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: unknown;
}

interface Annotation {
  readonly name: string;
  readonly builtIn: number;
  readonly target: Target;
}

/** A board as Grafana reads it, as far as the tests look into it. */
export interface Board {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly links?: readonly { readonly url: string; readonly title: string }[];
  readonly templating: { readonly list?: readonly Variable[] };
  readonly annotations: { readonly list?: readonly Annotation[] };
  readonly time: { readonly from: string; readonly to: string };
  readonly timepicker: { readonly quick_ranges: readonly unknown[] };
}

/** The boards that are committed. */
export const BOARDS: readonly Board[] = boardFiles().map(({ path }) => JSON.parse(readFileSync(path, 'utf8')) as Board);

export function findBoard(uid: string): Board {
  const found = BOARDS.find((board) => board.uid === uid);
  if (!found) throw new Error(`no board ${uid}`);
  return found;
}

/** All panels, those of folded rows too. */
export function allPanels({ panels }: Board): readonly Panel[] {
  return panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
}

export function findPanel(board: Board, id: number): Panel {
  const { uid } = board;
  const found = allPanels(board).find((panel) => panel.id === id);
  if (!found) throw new Error(`${uid} has no panel ${id}`);
  return found;
}

/** Panels that ask for something: rows do not. */
export function asking(board: Board): Panel[] {
  return allPanels(board).filter(({ targets }) => targets && targets.length > 0);
}

/** The queries that give a panel its data: its own, or those of the panel whose answer it shows. */
export function queriesOf(board: Board, panel: Panel): readonly Target[] {
  const [first] = panel.targets ?? [];
  return first?.panelId === undefined ? (panel.targets ?? []) : (findPanel(board, first.panelId).targets ?? []);
}

/** All addresses of a board: of its links and of those of its fields. */
export function addresses(board: Board): { readonly url: string; readonly title: string; readonly panel?: Panel }[] {
  const ofFields = board.panels.flatMap((panel) =>
    (panel.fieldConfig?.overrides ?? [])
      .flatMap(({ properties }) => properties)
      .filter(({ id }) => id === 'links')
      .flatMap(({ value }) => (value ?? []) as { url: string; title: string }[])
      .map(({ url, title }) => ({ url, title, panel })),
  );
  return [...(board.links ?? []), ...ofFields];
}
