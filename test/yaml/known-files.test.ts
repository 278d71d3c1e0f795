import { expect, test } from 'vitest'
import { readYaml, type YamlSource } from '../../yaml/read-yaml.js'

const FILES = {
  '/spec/root.yaml': 'one: !include one.yaml\ntwo: !include two.yaml\nall: !include [one.yaml, two.yaml]\n',
  '/spec/one.yaml': 'a: { b: 1 }\n',
  '/spec/two.yaml': 'c: !include deep.yaml\n',
  '/spec/deep.yaml': '{"d": [1, 2]}\n',
}

function read(files: Readonly<Record<string, string>>, known?: YamlSource['composed']): Promise<YamlSource> {
  return readYaml('/spec/root.yaml', async (path) => Buffer.from(files[path] ?? ''), known)
}

const plain = ({ value }: YamlSource): unknown => JSON.parse(JSON.stringify(value))
type Root = { one: object; two: { c: object } }

test('files with the same text are what they were before, the same objects, and the others are read', async () => {
  const before = await read(FILES)
  const changed = { ...FILES, '/spec/one.yaml': 'a: { b: 2 }\n' }
  const now = await read(changed, before.composed)
  expect(now.problems).toEqual([])
  expect(plain(now)).toEqual(plain(await read(changed)))
  expect((now.value as Root).two.c).toBe((before.value as Root).two.c)
  expect((now.value as Root).one).not.toBe((before.value as Root).one)
})

test('a file whose includes changed is read, whatever its own text', async () => {
  const before = await read(FILES)
  const changed = { ...FILES, '/spec/deep.yaml': '{"d": [3]}\n' }
  expect(plain(await read(changed, before.composed))).toEqual(plain(await read(changed)))
  expect(plain(await read(FILES, before.composed))).toEqual(plain(before))
})

test('a file that was read before has its places where it stands now', async () => {
  const before = await read(FILES)
  const changed = { ...FILES, '/spec/root.yaml': `# A longer text.\n${FILES['/spec/root.yaml']}` }
  const now = await read(changed, before.composed)
  expect(now.locate(['one', 'a', 'b'])).toEqual({ file: '/spec/one.yaml', line: 1, column: 9 })
  expect(now.locate(['two', 'c', 'd', 1])).toEqual({ file: '/spec/deep.yaml', line: 1, column: 11 })
})
