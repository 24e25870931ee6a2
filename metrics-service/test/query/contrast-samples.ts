import { runEvents } from '../support/run-events.js';

/** What sessions cost, and in how many the last run succeeded. */
interface Sample {
  costs: number[];
  succeeded: number;
}

/** Made sessions with a reviewer and without. */
export const SAMPLES: Record<string, { with: Sample; without: Sample }> = {
  differs: {
    with: { costs: [1.2, 0.8, 1.5, 1.1, 0.9, 1.3, 1, 1.4, 0.7, 1.6, 1.2, 1.1], succeeded: 11 },
    without: { costs: [2.1, 1.9, 2.5, 2.2, 1.8, 2.4, 2, 2.6, 1.7, 2.3, 2.1, 2, 1.9, 2.2, 2.8], succeeded: 6 },
  },
  alike: {
    with: { costs: [1.2, 0.8, 1.5, 1.1, 0.9, 1.3, 1, 1.4, 0.7, 1.6], succeeded: 7 },
    without: { costs: [1.4, 0.9, 1.2, 1.3, 0.8, 1.5, 1, 1.2, 0.9, 1.6, 1.4], succeeded: 6 },
  },
  few: {
    with: { costs: [1, 2, 3, 4, 5, 6, 7, 8, 9], succeeded: 9 },
    without: { costs: [], succeeded: 0 },
  },
};

/** A builder's run in each session, and with a reviewer a second one, which is the last. */
export function sessionsOf(side: 'with' | 'without', { costs, succeeded }: Sample): object[] {
  return costs.flatMap((cost, index) => {
    const [session, minute] = [`${side}-${index}`, String(index).padStart(2, '0')];
    const status = index < succeeded ? 'SUCCEEDED' : 'FAILED';
    const builder = { id: `${session}-b`, session, at: `2026-03-03T08:${minute}:00Z`, role: 'builder' };
    if (side === 'without') return runEvents({ ...builder, status, costUsd: cost });
    const reviewer = { id: `${session}-r`, session, at: `2026-03-03T09:${minute}:00Z`, role: 'reviewer' };
    return [
      ...runEvents({ ...builder, costUsd: Number((cost - 0.2).toFixed(1)) }),
      ...runEvents({ ...reviewer, status, costUsd: 0.2 }),
    ];
  });
}
