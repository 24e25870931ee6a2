/** How a budget stands: from a share of its limit on that worries, from the last one below it, from the limit itself. */
export const BUDGET_STATES = ['ok', 'warn', 'near', 'over'] as const;
export type BudgetState = (typeof BUDGET_STATES)[number];
