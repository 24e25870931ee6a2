import { z } from 'zod';
import { eventType } from '../event-type.js';
import { naturalNumber, name, optionalKey, optionalName, optionalOneOf, time } from '../values.js';

export const TOOL_CALL_STATUSES = ['SUCCEEDED', 'FAILED', 'REJECTED'] as const;
export const REJECTERS = ['person', 'policy'] as const;

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
      })
      .superRefine((data, context) => {
        if (data.key == null && data.sessionId == null) {
          context.addIssue({ code: 'custom', path: ['sessionId'], message: 'is required unless the event has a key' });
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
    },
  }),
} as const;
