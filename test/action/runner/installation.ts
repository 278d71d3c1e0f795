import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { load } from 'js-yaml'
import { afterAll } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../../..')

/** The action as a release holds it. */
export interface Installation {
  /** The script that the runner starts. */
  readonly main: string
  /** Each input's default, as action.yml writes it. */
  readonly defaults: ReadonlyMap<string, string>
}

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>
  readonly runs: { readonly main: string }
}

let installation: Promise<Installation> | undefined

/** The action in a folder of its own, once a file of tests: nothing else of the checkout is there. */
export function installedAction(): Promise<Installation> {
  installation ??= install()
  return installation
}

async function install(): Promise<Installation> {
  const folder = await temporaryFolder()
  for (const file of ['action.yml', 'package.json']) await cp(join(ROOT, file), join(folder, file))
  await cp(join(process.env.MAILSYNC_DIST as string, 'action'), join(folder, 'dist/action'), { recursive: true })
  const { inputs, runs } = load(await readFile(join(folder, 'action.yml'), 'utf8')) as ActionFile
  const defaults = Object.entries(inputs).map(([name, input]): [string, string] => [name, input.default ?? ''])
  return { main: join(folder, runs.main), defaults: new Map(defaults) }
}

const folders: string[] = []
// A test process is ended by a signal, so nothing of it would run then.
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

/** A folder that is gone once the tests of the file are done. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mailsync-runner-'))
  folders.push(folder)
  return folder
}
