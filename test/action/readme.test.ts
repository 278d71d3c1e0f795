import { readFile } from 'node:fs/promises'
import { load } from 'js-yaml'
import { expect, test } from 'vitest'

test('README names every command, input and output of the action, and no other', async () => {
  const [readme, action] = await Promise.all(['README.md', 'action.yml'].map((file) => readFile(file, 'utf8')))
  const section = /\n## The GitHub Action\n(.*?)\n## /s.exec(readme as string)?.[1] ?? ''
  const table = section.slice(section.indexOf('| `command`'))
  const named = new Set([...table.matchAll(/`([a-z][a-z-]*)`/g)].map(([, name]) => name))
  const { inputs, outputs } = load(action as string) as Record<'inputs' | 'outputs', object>
  const commands = ['plan', 'apply', 'verify', 'rotate', 'spf-refresh', 'shards', 'merge']
  const own = [...Object.keys(inputs), ...Object.keys(outputs), ...commands]
  expect([...named].sort()).toEqual([...new Set(own)].sort())
})
