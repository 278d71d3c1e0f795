#!/usr/bin/env node
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { codeFolder, keepCode } from './cli/code-cache.js'
import { version } from './cli/version.js'

/**
 * Flags of V8 that make its optimizing compiler wait, by the major version of Node. It begins so early that compiling costs a
 * third of the CPU of a plan of 1,000 zones; no run is long enough to earn that back. Node 24 has a quick compiler in
 * between and needs none. Measured with `npm run bench`, 2026-11.
 */
const OPTIMIZE_LATER: Readonly<Record<string, string>> = {
  20: '--interrupt-budget=500000',
  22: '--invocation-count-for-turbofan=30000',
}

/**
 * Percent that the heap grows by, after a collection, until the next one. Left to itself V8 lets it grow to the fourfold where the machine has
 * the memory. A plan of 3,000 zones takes three collections with it, and two without.
 */
const HEAP_GROWTH = 50

/**
 * What a plan needs of Node itself, loaded before there are flags: V8 takes the code that Node has ready of its modules only under the flags it
 * was made with, and compiles it anew otherwise.
 */
function loadBuiltins(): void {
  for (const module of ['fs/promises', 'os', 'timers/promises']) process.getBuiltinModule(`node:${module}`)
  // They are opened, and their modules loaded, when they are first asked for.
  for (const stream of ['stdout', 'stderr']) Reflect.get(process, stream)
}

if (process.argv.length === 3 && process.argv[2] === '--version') process.stdout.write(`${version}\n`)
else {
  loadBuiltins()
  const flag = OPTIMIZE_LATER[process.versions.node.split('.')[0] as string]
  if (flag !== undefined) setFlagsFromString(flag)
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`)
  const folder = codeFolder(process.argv[2], process.env)
  if (folder !== undefined) keepCode(join(import.meta.dirname, 'chunks'), folder)
  await (await import('./cli/run-process.js')).runProcess()
}
