#!/usr/bin/env node
import { version } from './cli/version.js'

if (process.argv.length === 3 && process.argv[2] === '--version') process.stdout.write(`${version}\n`)
else await (await import('./cli/run-process.js')).runProcess()
