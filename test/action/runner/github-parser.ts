import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as workflows from '@actions/workflow-parser'
import type * as actions from '@actions/workflow-parser/actions/action-parser'
import { build } from 'esbuild'
import { temporaryFolder } from './installation.js'

const ENTRY = `export { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'
export { parseAction } from '@actions/workflow-parser/actions/action-parser'`

/** What GitHub's own parser says against a file. It imports JSON as only bundlers can (0.3.61, 2026-11), so it is bundled. */
export async function githubParser() {
  const outfile = join(await temporaryFolder(), 'parser.mjs')
  const stdin = { contents: ENTRY, resolveDir: resolve(import.meta.dirname) }
  await build({ stdin, bundle: true, format: 'esm', platform: 'node', outfile, logLevel: 'error' })
  const parser = (await import(pathToFileURL(outfile).href)) as typeof workflows & typeof actions
  const trace = new parser.NoOperationTraceWriter()
  const faults = ({ context }: ReturnType<typeof parser.parseWorkflow>): string[] =>
    context.errors.getErrors().map(({ message }) => message)
  return {
    workflow: (name: string, content: string) => faults(parser.parseWorkflow({ name, content }, trace)),
    action: (name: string, content: string) => faults(parser.parseAction({ name, content }, trace)),
  }
}
