import { z } from 'zod';
import { eventType } from '../event-type.js';
import { filePath, MAX_FILES } from '../file-path.js';
import { text, wordsOf } from '../holds.js';
import {
  list,
  naturalNumber,
  name,
  oneOf,
  optionalKey,
  optionalName,
  optionalOneOf,
  REQUIRED_WITHOUT_KEY,
  time,
} from '../values.js';

export const TOOL_CALL_STATUSES = ['SUCCEEDED', 'FAILED', 'REJECTED'] as const;
export const REJECTERS = ['person', 'policy'] as const;
export const FILE_OPERATIONS = ['read', 'created', 'modified', 'deleted'] as const;

/** What a call did to a file; its path is shortened where the organization does not store paths. */
const file = wordsOf(
  z.object({
    path: filePath,
    operation: oneOf(FILE_OPERATIONS),
    linesAdded: naturalNumber.nullish(),
    linesDeleted: naturalNumber.nullish(),
  }),
);

/** Tool calls of agents. */
export const toolEvents = {
  'tool_call.recorded': eventType({
    says: 'One call of a tool: begun, decided or ended. Its id is the agent’s own, so that all who tell of it tell of one call.',
    moment: 'startedAt',
    otherMoment: 'completedAt',
    data: z
      .object({
        toolCallId: name,
        sessionId: name.nullish(),
        runId: optionalName,
        key: optionalKey,
        name,
        startedAt: time.nullish(),
        completedAt: time.nullish(),
        status: optionalOneOf(TOOL_CALL_STATUSES),
        errorType: optionalName,
        rejectedBy: optionalOneOf(REJECTERS),
        awaitStartedAt: time.nullish(),
        awaitMs: naturalNumber.nullish(),
        inputBytes: naturalNumber.nullish(),
        outputBytes: naturalNumber.nullish(),
        /** its span, and the one that this lies in */
        spanId: optionalName,
        parentSpanId: optionalName,
        files: list(file, MAX_FILES).nullish(),
        input: text,
        output: text,
      })
      .superRefine((data, context) => {
        if (data.key == null && data.sessionId == null) {
          context.addIssue({ code: 'custom', path: ['sessionId'], message: REQUIRED_WITHOUT_KEY });
        }
        if (data.startedAt == null && data.completedAt == null) {
          context.addIssue({ code: 'custom', path: ['startedAt'], message: 'is required unless completedAt is there' });
        }
      }),
    example: {
      toolCallId: 'toolu_1',
      sessionId: 's-1',
      runId: 'r-1',
      name: 'Bash',
      startedAt: '2026-01-31T09:04:00Z',
      completedAt: '2026-01-31T09:04:07Z',
      status: 'FAILED',
      errorType: 'ShellError',
      files: [{ path: 'src/app.ts', operation: 'modified', linesAdded: 12, linesDeleted: 3 }],
    },
  }),
} as const;
