#!/usr/bin/env node
import { existsSync } from 'node:fs';

const scripts = new URL('../../scripts/runboard.mjs', import.meta.url);
const compiler = new URL('../../node_modules/typescript/package.json', import.meta.url);
// in a checkout that can build, dist may be older than the sources (git pull); elsewhere there is nothing but dist
const isCheckout = existsSync(scripts) && existsSync(compiler);
await import(isCheckout ? scripts.href : new URL('../dist/cli/main.js', import.meta.url).href);
