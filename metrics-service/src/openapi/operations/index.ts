import type { Operation } from '../operation.js';
import { badgeOperations } from './badges.js';
import { readCatalogue, readDimensionValues } from './catalogue.js';
import { costOperations } from './costs.js';
import { greetWebhook, sendEvents } from './events.js';
import { readExport } from './export.js';
import { sendHooks } from './hooks.js';
import { askMcp } from './mcp.js';
import { readLive } from './live.js';
import { readMe } from './me.js';
import { sendTelemetry } from './otlp.js';
import { ask } from './query.js';
import { readDocs, readHealth, readMetrics, readOpenApi, readReady, readStartPage } from './service.js';

/** Every route of the service. To add one: its description, and its name here. */
export const OPERATIONS: readonly Operation[] = [
  sendEvents,
  greetWebhook,
  ...sendTelemetry,
  ...sendHooks,
  ask,
  readCatalogue,
  readDimensionValues,
  readExport,
  readLive,
  ...costOperations,
  ...badgeOperations,
  readMe,
  askMcp,
  readStartPage,
  readHealth,
  readReady,
  readOpenApi,
  readDocs,
  readMetrics,
];
