import { describe, expect, it } from '@jest/globals';
import { withoutNames } from '../../src/contract/file-path.js';
import { parseEvent } from '../../src/ingest/parse.js';
import { fold } from './fold.js';
import * as rollouts from './rollouts.js';
import { agent, at, type Members, read, SESSION, user } from './transcripts.js';

const uses = (uuid: string, s: number, ...blocks: Members[]): Members =>
  agent(uuid, s, uuid, 'tool', [1, 1], {
    message: { content: blocks.map((block) => ({ type: 'tool_use', ...block })) },
  });
const results = (uuid: string, s: number, block: Members, more: Members = {}): Members =>
  user(uuid, s, [{ type: 'tool_result', ...block }], more);
const toolCalls = (lines: Members[]): Record<string, unknown>[] => {
  const { events } = read([user('p1', 0, 'go'), ...lines]);
  expect(events.map((event) => parseEvent(event).fault).filter(Boolean)).toEqual([]);
  return [...fold(events).toolCalls.values()];
};
const CALL = { sessionId: SESSION, runId: 'p1' };

describe('tool calls of a transcript', () => {
  it('begin with the request and end with the result of the same id', () => {
    const lines = [
      uses('a1', 10, { id: 't1', name: 'Bash', input: { command: 'ls' } }, { id: 't2', name: 'Read', input: {} }),
      results('r1', 12, { tool_use_id: 't1', content: 'Exit code 1\nno such file', is_error: true }),
      results(
        'r2',
        13,
        { tool_use_id: 't2', content: [{ type: 'text', text: 'né' }] },
        { toolUseResult: { type: 'text', file: { filePath: '/home/dev/shop/src/a.ts', content: 'né' } } },
      ),
    ];
    expect(toolCalls(lines)).toEqual([
      {
        ...{ ...CALL, toolCallId: 't1', name: 'Bash', startedAt: at(10), completedAt: at(12) },
        ...{ status: 'FAILED', errorType: 'ShellError', inputBytes: 16, outputBytes: 24 },
      },
      {
        ...{ ...CALL, toolCallId: 't2', name: 'Read', startedAt: at(10), completedAt: at(13) },
        ...{ status: 'SUCCEEDED', inputBytes: 2, outputBytes: 3, files: [{ path: 'src/a.ts', operation: 'read' }] },
      },
    ]);
  });

  it('say which file they made or changed, from the folder that the agent works in', () => {
    const patch = [{ lines: ['-a', '+b', '+c', ' d'] }];
    const edit = (filePath: string, more: Members = {}): Members => ({
      toolUseResult: { filePath, structuredPatch: patch, ...more },
    });
    const made = edit('/home/dev/shop/b/new.md', { type: 'create', content: 'one\ntwo\n', structuredPatch: [] });
    const lines = [
      uses('a1', 10, { id: 't1', name: 'Edit' }, { id: 't2', name: 'Write' }, { id: 't3', name: 'Edit' }),
      results('r1', 11, { tool_use_id: 't1' }, edit('/home/dev/shop/src/a.ts')),
      results('r2', 12, { tool_use_id: 't2' }, made),
      results('r3', 13, { tool_use_id: 't3' }, edit('/home/dev/notes/private.txt')),
    ];
    expect(toolCalls(lines).map(({ files }) => files)).toEqual([
      [{ path: 'src/a.ts', operation: 'modified', linesAdded: 2, linesDeleted: 1 }],
      [{ path: 'b/new.md', operation: 'created', linesAdded: 2, linesDeleted: 0 }],
      [{ path: '*/*/*/*.txt', operation: 'modified', linesAdded: 2, linesDeleted: 1 }],
    ]);
  });

  it.each<[string, string, string, Members]>([
    [
      'a person',
      'Bash',
      "The user doesn't want to proceed with this tool use. The tool use was rejected",
      { status: 'REJECTED', rejectedBy: 'person', awaitStartedAt: at(10), awaitMs: 50_000 },
    ],
    [
      'a rule',
      'Bash',
      'Permission to use Bash with command rm -rf / has been denied.',
      { status: 'REJECTED', rejectedBy: 'policy' },
    ],
    [
      'a wrong input',
      'Edit',
      '<tool_use_error>InputValidationError: old_string',
      { errorType: 'InputValidationError' },
    ],
    ['another error', 'Edit', '<tool_use_error>File has not been read yet', { errorType: 'tool_use_error' }],
  ])('rejected or failed, by %s', (_, name, content, expected) => {
    const lines = [uses('a1', 10, { id: 't', name }), results('r', 60, { tool_use_id: 't', content, is_error: true })];
    expect(toolCalls(lines)).toMatchObject([{ status: 'FAILED', ...expected }]);
  });

  it('wait for a person where they ask one', () => {
    const lines = [
      uses('a1', 10, { id: 't', name: 'AskUserQuestion' }),
      results('r', 40, { tool_use_id: 't', content: 'yes' }),
    ];
    expect(toolCalls(lines)).toMatchObject([{ status: 'SUCCEEDED', awaitStartedAt: at(10), awaitMs: 30_000 }]);
  });

  it('are open until their result is there', () => {
    const open = { ...CALL, toolCallId: 't', name: 'Bash', startedAt: at(10), inputBytes: 0 };
    expect(toolCalls([uses('a1', 10, { id: 't', name: 'Bash' })])).toEqual([open]);
  });
});

describe('tool calls of a rollout', () => {
  const { context, event, item, meta, readRollout, started, toBytes, T1 } = rollouts;
  const ofRollout = (...lines: Members[]): Record<string, unknown>[] => {
    const { events } = readRollout(toBytes([meta(0), started(1, T1), context(1, T1), ...lines]));
    expect(events.map((one) => parseEvent(one).fault).filter(Boolean)).toEqual([]);
    return [...fold(events).toolCalls.values()];
  };
  const call = (s: number, name: string, more: Members = {}): Members =>
    item(s, 'function_call', { call_id: 'c', name, arguments: '{}', ...more });
  const output = (s: number, said: unknown): Members => item(s, 'function_call_output', { call_id: 'c', output: said });
  const CALLED = { toolCallId: 'c', sessionId: rollouts.SESSION, runId: T1, inputBytes: 2 };

  it('begin and end with the same call_id', () => {
    expect(ofRollout(call(2, 'shell'), output(5, 'done'))).toEqual([
      {
        ...{ ...CALLED, name: 'shell', startedAt: rollouts.at(2), completedAt: rollouts.at(5) },
        ...{ status: 'SUCCEEDED', outputBytes: 4 },
      },
    ]);
    expect(ofRollout(call(2, 'shell'))).toEqual([{ ...CALLED, name: 'shell', startedAt: rollouts.at(2) }]);
  });

  it.each<[string, unknown, Members]>([
    ['JSON', '{"output":"x","metadata":{"exit_code":2,"duration_seconds":0.1}}', { status: 'FAILED' }],
    ['text', 'Chunk ID: 1\nProcess exited with code 127\nOutput:\nx', { status: 'FAILED', errorType: 'ShellError' }],
    ['exit code 0', 'Exit code: 0\nWall time: 1 s\nOutput:\nx', { status: 'SUCCEEDED' }],
    ['an output that speaks of it', `${'x'.repeat(400)}\nExit code: 3\n${'x'.repeat(400)}`, { status: 'SUCCEEDED' }],
    ['an object', { content: 'no', success: false }, { status: 'FAILED' }],
    ['a refusal', 'exec command rejected by user', { status: 'REJECTED', rejectedBy: 'person', awaitMs: 3000 }],
  ])('end as the output says: %s', (_, said, expected) => {
    expect(ofRollout(call(2, 'shell'), output(5, said))).toMatchObject([expected]);
  });

  it('say what a patch did to which files', () => {
    const changes = {
      'src/a.ts': { type: 'update', unified_diff: '@@ -1 +1,2 @@\n-a\n+b\n+c\n' },
      'b.md': { type: 'add', content: 'one\n' },
      'old.md': { type: 'delete', content: 'one\ntwo\n' },
    };
    const end = event('patch_apply_end', 4, { call_id: 'c', success: true, changes });
    expect(ofRollout(call(2, 'apply_patch'), end, output(5, 'done'))[0]!.files).toEqual([
      { path: 'src/a.ts', operation: 'modified', linesAdded: 2, linesDeleted: 1 },
      { path: 'b.md', operation: 'created', linesAdded: 1, linesDeleted: 0 },
      { path: 'old.md', operation: 'deleted', linesAdded: 0, linesDeleted: 2 },
    ]);
  });
});

it.each([
  ['src/app/main.test.ts', '*/*/*.ts'],
  ['/home/ada/x.PDF', '*/*/*.pdf'],
  ['C:\\Users\\ada\\x.md', '*/*/*/*.md'],
  ['.env', '*'],
  ['*/*/*.ts', '*/*/*.ts'],
  ['', '*'],
])('of the path %j depth and extension are %j', (path, expected) => {
  expect(withoutNames(path)).toBe(expected);
});
