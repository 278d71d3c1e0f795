import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blockSection } from '../../../src/fleet/since/narrow/block-sections.js'
import { jsonParts, jsonSection } from '../../../src/fleet/since/narrow/json-sections.js'
import { withoutEntries } from '../../../src/fleet/since/narrow/part.js'
import { hasClosedLines } from '../../../src/fleet/since/narrow/plain-lines.js'
import { readYaml } from '../../../yaml/read-yaml.js'

async function read(text: string) {
  return readYaml('spec.yaml', async () => Buffer.from(text))
}

const PIECES = [
  'a',
  'b.c',
  'a: ',
  'b: ',
  ': ',
  ':',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  ', ',
  '- ',
  '|',
  '>',
  '#',
  ' # ',
  ' ',
  "'d': ",
  '"e": ',
  '!!str ',
  '&x ',
  '*x',
  '? ',
  '\\',
  '%',
  '<<: ',
  '-',
  '=',
  'f: [a, {b: c}]',
  "g: 'it''s'",
]
const line = fc
  .tuple(
    fc.constantFrom('', '', '  ', '  ', '    '),
    fc.constantFrom('', 'k: ', 'l.m: ', '"n": ', 'o:'),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 3 }),
  )
  .map(([indent, key, pieces]) => indent + key + pieces.join(''))

test('where entries are found in a text of YAML, they are those that its parser finds, and each stays where it was', async () => {
  let found = 0
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 6 }), fc.nat(5), async (lines, kept) => {
      const text = `${lines.join('\n')}\n`
      const section = hasClosedLines(text) ? blockSection(text) : undefined
      const { value, problems, locate } = await read(text)
      if (section === undefined || problems.length > 0) return
      const keys = section.entries.map(({ key }) => key)
      if (new Set(keys).size < keys.length || keys.includes('<<')) return
      expect(Object.keys(value as object)).toEqual(keys)
      found += keys.length
      if (/[&*]/.test(text)) return
      const own = keys[kept % keys.length] as string
      const one = await read(withoutEntries(text, [section], ({ key }) => key === own))
      expect(one.problems).toEqual([])
      expect(one.value).toEqual({ [own]: (value as Record<string, unknown>)[own] })
      expect(one.locate([own])).toEqual(locate([own]))
      expect((await read(withoutEntries(text, [section], () => false))).value).toEqual({})
    }),
    { numRuns: 8000 },
  )
  expect(found).toBeGreaterThan(500)
}, 120_000)

test('where entries are found in a text of JSON, they are those of its parser, and each stays where it was', async () => {
  const objects = fc.dictionary(fc.constantFrom('a', 'b.c', 'd"', '{', 'e', 'f'), fc.jsonValue({ maxDepth: 3 }), {
    noNullPrototype: true,
  })
  await fc.assert(
    fc.asyncProperty(objects, fc.constantFrom(undefined, 1, 2), fc.nat(6), async (object, indent, kept) => {
      const text = JSON.stringify({ domains: object }, null, indent)
      const part = jsonParts(text, 0)?.parts[0]
      const section = part && jsonSection(text, part.valueAt)
      const keys = Object.keys(object)
      if (keys.length === 0 || keys.includes('d"')) {
        expect(section).toBeUndefined()
        return
      }
      expect(section?.entries.map(({ key }) => key)).toEqual(keys)
      const own = keys.filter((_, index) => index <= kept)
      const reduced = withoutEntries(text, section ? [section] : [], ({ key }) => own.includes(key))
      expect(JSON.parse(reduced)).toEqual({ domains: Object.fromEntries(own.map((key) => [key, object[key]])) })
      const [whole, some] = [await read(text), await read(reduced)]
      if (whole.problems.length === 0)
        for (const key of own) expect(some.locate(['domains', key])).toEqual(whole.locate(['domains', key]))
    }),
    { numRuns: 500 },
  )
})
