import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { claudeCodeSource } from '../../src/importers/claude-code/index.js';
import { codexSource } from '../../src/importers/codex/index.js';
import type { ImportedEvent } from '../../src/importers/events.js';
import { Problems } from '../../src/importers/problems.js';
import { fold } from './fold.js';

const DATA = join(import.meta.dirname, '../../../../shared/data');
const present = existsSync(DATA);
const withData = (name: string, body: () => void): void =>
  present ? describe(name, body) : describe.skip(`(../shared/data does not lie beside this checkout) ${name}`, body);
const NOW = Date.UTC(2026, 10, 21);

withData('the public files, looked at while they grow', () => {
  const files = present ? readdirSync(DATA, { recursive: true, encoding: 'utf8' }) : [];
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
