import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

/**
 * Bundles everything before the tests, as some of them start it as a process of its own, into a folder of this run below the
 * checkout. Tests find it in the environment variable MAILSYNC_DIST.
 */
export default async function build(): Promise<() => Promise<void>> {
  const folder = resolve('node_modules', '.cache', `mailsync-test-${process.pid}`)
  await promisify(execFile)(process.execPath, ['build.mjs', folder])
  process.env.MAILSYNC_DIST = folder
  // What a process that a test starts keeps of its code is of this run too.
  process.env.XDG_CACHE_HOME = join(folder, 'cache')
  return () => rm(folder, { recursive: true, force: true })
}
