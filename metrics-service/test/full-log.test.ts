import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import express from 'express';
import { withLastResort } from '../src/http/last-resort.js';
import { LogFile } from '../src/log-file.js';
import { dataFolder, launch } from './support/command.js';
import { testDatabase } from './support/database.js';
import { until } from './support/served.js';

/** Linux's disk that is always full. */
const openFull = (): number => openSync('/dev/full', 'w');

describe('with a full disk under its log', () => {
  it('the service starts, answers as ever, counts what it could not write, and ends gently', async () => {
    const [database, folder, full] = [await testDatabase(), await dataFolder(), openFull()];
    const environment = { PORT: '0', DATABASE_URL: database.url, RUNBOARD_DATA_DIR: folder.path };
    const child = launch(['serve'], environment, undefined, { stdout: full, stderr: full });
    const ended = once(child, 'exit');
    const url = (): string | null => {
      try {
        return (JSON.parse(readFileSync(join(folder.path, 'service.json'), 'utf8')) as { url: string }).url;
      } catch {
        return null;
      }
    };
    await until(() => url() !== null || child.exitCode !== null);
    const ask = (path: string, method = 'GET') => fetch(url()! + path, { method });
    for (let count = 0; count < 3; count += 1) {
      const refused = await ask('/v1/events', 'POST');
      expect([refused.status, refused.headers.get('content-type')]).toEqual([
        401,
        'application/problem+json; charset=utf-8',
      ]);
    }
    const metrics = await (await ask('/metrics')).text();
    expect(Number(/^runboard_log_lines_dropped_total (\d+)$/m.exec(metrics)![1])).toBeGreaterThanOrEqual(3);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    closeSync(full);
    await folder.remove();
    await database.drop();
  });
});

describe('a log file', () => {
  it('counts the lines that it lost', () => {
    const folder = mkdtempSync(join(tmpdir(), 'log-'));
    const path = join(folder, 'log');
    const descriptor = openSync(path, 'w');
    const log = new LogFile(descriptor);
    log.write('one\n');
    closeSync(descriptor);
    log.write('lost\n');
    expect([readFileSync(path, 'utf8'), log.dropped]).toEqual(['one\n', 1]);
    rmSync(folder, { recursive: true });
  });
});

describe('an error while an error is answered', () => {
  it('is a problem as well, never a page with a stack', async () => {
    const app = express();
    app.get('/', () => {
      throw new Error('secret');
    });
    app.use(((_error, _request, _response, _next) => {
      throw new Error('secret again');
    }) satisfies express.ErrorRequestHandler);
    const server = createServer(withLastResort(app)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const text = await answer.text();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      500,
      'application/problem+json; charset=utf-8',
    ]);
    expect(JSON.parse(text)).toMatchObject({ code: 'internal', status: 500 });
    expect(text).not.toContain('secret');
    server.close();
  });
});
