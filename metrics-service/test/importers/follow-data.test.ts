import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { claudeCodeSource } from '../../src/importers/claude-code/index.js';
import { codexSource } from '../../src/importers/codex/index.js';
import type { ImportedEvent } from '../../src/importers/events.js';
import { Problems } from '../../src/importers/problems.js';
import { describeWithData, SHARED_DATA } from '../support/shared-data.js';
import { fold } from './fold.js';

const DATA = SHARED_DATA;
const NOW = Date.UTC(2026, 10, 21);

describeWithData('the public files, looked at while they grow', () => {
  const files = existsSync(DATA) ? readdirSync(DATA, { recursive: true, encoding: 'utf8' }) : [];
  it.each(files.filter((file) => file.endsWith('.jsonl') && !/response-2/.test(file)))('%s', (file) => {
    const path = join(DATA, file);
    const bytes = readFileSync(path);
    let nowMs = Date.UTC(2025, 0, 1);
    const options = {
      paths: [],
      userId: null,
      repoOf: () => null,
      withText: false,
      clock: () => nowMs,
      problems: new Problems(),
    };
    const open = () => (file.startsWith('codex') ? codexSource(options) : claudeCodeSource(options)).open(path);
    const [growing, looked]: [ReturnType<typeof open>, ImportedEvent[]] = [open(), []];
    const step = Math.max(997, Math.floor(bytes.length / 300));
    for (let start = 0; start < bytes.length; start += step) {
      looked.push(...growing.push(bytes.subarray(start, start + step)), ...growing.peek());
    }
    nowMs = NOW;
    looked.push(...growing.peek());
    const whole = open();
    expect(fold(looked)).toEqual(fold([...whole.push(bytes), ...whole.end()]));
  });
});
