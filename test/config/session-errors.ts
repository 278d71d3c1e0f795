import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { SpecErrors } from '../../src/problem.js'
import { openSession } from '../../src/session.js'
import { told } from './load.js'

/** What a person is told who runs a command with this spec; nothing where it has no error. File names are shown bare. */
export async function errorsOf(text: string): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'mailsync-spec-'))
  try {
    const file = join(directory, 'mailsync.yaml')
    await writeFile(file, text)
    await openSession({ file, env: {}, online: false })
    return []
  } catch (error) {
    if (!(error instanceof SpecErrors)) throw error
    return error.problems.map((problem) => told(problem).replaceAll(directory + sep, ''))
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** A text with one place marked by `▸`: the text without the mark, and the place as `line:column`. */
export function marked(text: string): { text: string; place: string } {
  const before = text.split('▸', 1)[0] as string
  const lines = before.split('\n')
  return { text: text.replace('▸', ''), place: `${lines.length}:${(lines.at(-1) as string).length + 1}` }
}
