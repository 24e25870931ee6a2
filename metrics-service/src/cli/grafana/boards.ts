import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../surroundings.js';

export const PROVISIONING = join(ROOT, 'provisioning');
const BOARDS = join(ROOT, 'dashboards');

/** Grafana takes every .json below a folder for a board: the boards get a folder with nothing else in it. */
export async function copyBoards(target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const boards = (await readdir(BOARDS)).filter((file) => /^runboard-.*\.json$/.test(file));
  await Promise.all(boards.map((file) => copyFile(join(BOARDS, file), join(target, file))));
}
