import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { objectReader } from '../../../src/fleet/since/git.js'
import { workspace } from '../../cli/workspace.js'

test('an object that is larger than it may be is not held, and those after it are read', async () => {
  const space = await workspace({})
  const git = (...args: string[]) => execFileSync('git', ['-C', space.directory, ...args], { encoding: 'utf8' }).trim()
  git('init', '--quiet')
  const store = async (text: string): Promise<string> => {
    await space.write('file', text)
    return git('hash-object', '-w', 'file')
  }
  const large = randomBytes(2_000_000).toString('hex')
  const ids = [await store('one\n'), await store(large), await store(''), await store('two\n')]
  const reader = objectReader({
    folder: space.directory,
    env: { PATH: process.env.PATH ?? '' },
    signal: new AbortController().signal,
  })
  try {
    const read = await Promise.all(ids.map((id) => reader.read(id, 100)))
    expect(read.map((octets) => octets?.toString())).toEqual(['one\n', undefined, '', 'two\n'])
    expect((await reader.read(ids[1] as string, large.length))?.length).toBe(large.length)
  } finally {
    reader.close()
    await space.remove()
  }
})
