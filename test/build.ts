import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Bundles the CLI before the tests, as some of them start it as a process of its own. */
export default async function build(): Promise<void> {
  await promisify(execFile)(process.execPath, ['build.mjs'])
}
