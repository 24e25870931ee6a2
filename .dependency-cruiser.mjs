/** The folders of metrics-service/src from the bottom: none imports one that stands after it. */
const LAYERS = [
  'format',
  'contract',
  'entities',
  'pricing',
  'db',
  'access',
  'catalogue',
  'importers',
  'telemetry',
  'ingest',
  'retention',
  'rollups',
  'jobs',
  'query',
  'live',
  'export',
  'backup',
  'demo',
  'presentation',
  'mcp',
  'openapi',
  'http',
  'bench',
  'cli',
];

const folder = (...names) => `^metrics-service/src/(${names.join('|')})/`;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circle',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...LAYERS.slice(0, -1).map((layer, index) => ({
      name: `${layer}-imports-no-layer-above`,
      severity: 'error',
      from: { path: folder(layer) },
      to: { path: folder(...LAYERS.slice(index + 1)) },
    })),
    {
      name: 'every-folder-has-its-layer',
      severity: 'error',
      from: { path: '^metrics-service/src/[^/]+/', pathNot: folder(...LAYERS) },
      to: {},
    },
  ],
  options: {
    // types count, too
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: '\\.test\\.tsx?$|/dist/',
  },
};
