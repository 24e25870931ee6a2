import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { agent } from './agents/agent.js';
import { agents } from './agents/index.js';
import { budgets } from './budgets.js';
import { compare } from './compare/index.js';
import { cost } from './cost/index.js';
import { dataQuality } from './data-quality.js';
import { fleet } from './fleet.js';
import { overview } from './overview/index.js';
import { performance } from './performance/index.js';
import { publicBoard } from './public.js';
import { runs } from './runs.js';
import { session } from './session/index.js';
import { sessions } from './sessions.js';
import { workItem } from './work-items/item.js';
import { workItems } from './work-items/index.js';

/** All boards, as Grafana loads them. Adding one: its file, and its name here. */
export function boards(): Dashboard[] {
  const all = [
    overview,
    cost,
    fleet,
    sessions,
    session,
    runs,
    workItems,
    workItem,
    agents,
    agent,
    budgets,
    compare,
    performance,
    dataQuality,
    publicBoard,
  ];
  return all.map((board) => board().build());
}
