import fc from 'fast-check'
import { dump } from 'js-yaml'
import { expect, test } from 'vitest'
import type { SpecPath } from '../../records/finding.js'
import { readYaml } from '../../yaml/read-yaml.js'

const word = fc.stringMatching(/^[a-z][a-z0-9.-]{0,12}$/)
const text = fc.oneof(
  word,
  fc.string({ unit: 'binary' }),
  fc.array(word, { maxLength: 30 }).map((words) => words.join(' ')),
  fc.array(word, { maxLength: 5 }).map((words) => words.join('\n')),
  fc.constantFrom('', '0012345', 'null', '~', 'true', '1e3', '<<', '*', '!include x', '- a', '# b', 'a: b'),
)
const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null))
const { value: nested } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.oneof(word, text, fc.constant('__proto__')), tie('value'), { maxKeys: 5, noNullPrototype: false }),
  ),
}))
const style = fc.record({
  flowLevel: fc.integer({ min: -1, max: 4 }),
  indent: fc.integer({ min: 1, max: 4 }),
  seqNoIndent: fc.boolean(),
  quoteStyle: fc.constantFrom('single' as const, 'double' as const),
  forceQuotes: fc.boolean(),
  lineWidth: fc.constantFrom(-1, 20, 80),
})

const readText = (content: string) => readYaml('spec.yaml', async () => Buffer.from(content))

/** Values as entries, for keys such as `__proto__` to be compared like any other. */
const asEntries = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(asEntries)
  if (typeof value !== 'object' || value === null) return value
  return new Map(Object.entries(value).map(([key, part]) => [key, asEntries(part)]))
}

test('whatever can be written is read as it was', async () => {
  await fc.assert(
    fc.asyncProperty(nested, style, async (value, options) => {
      const source = await readText(dump(value, options))
      expect(source.problems).toEqual([])
      expect(asEntries(source.value)).toEqual(asEntries(value))
    }),
    { numRuns: 500 },
  )
})

function* scalarsIn(value: unknown, path: SpecPath = []): Iterable<[SpecPath, unknown]> {
  if (Array.isArray(value)) for (const [index, part] of value.entries()) yield* scalarsIn(part, [...path, index])
  else if (typeof value === 'object' && value !== null)
    for (const [key, part] of Object.entries(value)) yield* scalarsIn(part, [...path, key])
  else yield [path, value]
}

/** The first word at a place, without the quote it may begin with. */
function wordAt(content: string, { line, column }: { line: number; column: number }): string | undefined {
  const rest = content.split('\n')[line - 1]?.slice(column - 1)
  return /^["']?([a-z0-9.-]*)/.exec(rest ?? '')?.[1]
}

test('every path leads to the text it was read from', async () => {
  const words = fc.array(word, { minLength: 1, maxLength: 12 }).map((several) => several.join(' '))
  const { part } = fc.letrec<{ part: unknown }>((tie) => ({
    part: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(words, fc.nat(), fc.boolean(), fc.constant(null)),
      fc.array(tie('part'), { maxLength: 4 }),
      fc.dictionary(word, tie('part'), { maxKeys: 4 }),
    ),
  }))
  await fc.assert(
    fc.asyncProperty(part, style, async (value, options) => {
      const content = dump(value, options)
      const source = await readText(content)
      for (const [path, scalar] of scalarsIn(value)) {
        expect(wordAt(content, source.locate(path))).toBe(String(scalar).split(' ')[0])
        const key = path.at(-1)
        if (typeof key === 'string') expect(wordAt(content, source.locate(path, 'key'))).toBe(key)
      }
    }),
    { numRuns: 500 },
  )
})

test('any text at all is read, or has problems that are inside it', async () => {
  const pieces = [
    ...['a', 'key', '1', '007', '~', ': ', ':\n', '\n', '\n  ', '\n    ', '- ', '-\n', '? ', '[', ']', '{', '}', ', '],
    ...[
      '&x ',
      '*x',
      '<<: ',
      '"',
      "'",
      '|\n',
      '>-\n',
      '#c\n',
      ' ',
      '\t',
      '!!str ',
      '!foo ',
      '!include b ',
      '---\n',
      '...\n',
      '\r\n',
    ],
  ]
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { maxLength: 16 }), async (chosen) => {
      const content = chosen.join('')
      const source = await readText(content)
      const lines = content.split(/\r\n|\r|\n/)
      for (const { where } of source.problems) {
        const line = lines[where.line - 1]
        expect(where.column).toBeGreaterThan(0)
        expect(where.column).toBeLessThanOrEqual((line ?? expect.fail('line outside the text')).length + 1)
      }
    }),
    { numRuns: 3000 },
  )
})
