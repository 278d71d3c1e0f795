import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SpecPath } from '../../records/finding.js'
import { readJson } from '../../yaml/json.js'
import { read } from './yaml-in-memory.js'

/** The same text, which the first line keeps from being JSON. */
const asYaml = (json: string): string => `# YAML\n${json}`

/** Every path into a value. */
function* pathsIn(value: unknown, path: SpecPath = []): Iterable<SpecPath> {
  yield path
  if (typeof value !== 'object' || value === null) return
  for (const [key, part] of Object.entries(value))
    yield* pathsIn(part, [...path, Array.isArray(value) ? Number(key) : key])
}

/** Values as text, with the keys of a mapping in their order, `__proto__` like any other. */
const shown = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map(shown)}]`
    : typeof value === 'object' && value !== null
      ? `{${Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}:${shown(part)}`)}}`
      : JSON.stringify(value)

/** All that is known of a text; lines as they are without a first line of `above`. */
async function known(text: string, above = 0) {
  const { value, problems, locate } = await read(text)
  const higher = (place: string): string =>
    place.replace(/^(conf\/spec\.yaml):(\d+)/, (_, file, line) => `${file}:${line - above}`)
  const inside = (problem: string): string =>
    higher(problem).replace(/\bline (\d+)/g, (_, line) => `line ${line - above}`)
  return {
    value: shown(value),
    problems: problems.map(inside),
    // Where nothing could be read, the root is where the text begins.
    places:
      value === null ? [] : [...pathsIn(value)].flatMap((path) => [higher(locate(path, 'key')), higher(locate(path))]),
  }
}

const key = fc.oneof(
  fc.stringMatching(/^[a-z.]{1,8}$/),
  fc.constantFrom('__proto__', '<<', '', 'constructor', '1', 'a b', 'münchen.example', '"', '\\'),
)
const scalar = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.constantFrom('!include x', '- a', '# b', '0012', 'true', 'a: b', '{', ']', '\n', '\t', '\u2028', '\u0085', '😀'),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
)
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    scalar,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
  ),
}))
const root = fc.oneof(fc.array(tree, { maxLength: 4 }), fc.dictionary(key, tree, { maxKeys: 5 }))

/** As generators write it: on one line, indented, as Python does, and with all but ASCII escaped. */
const styles: readonly ((value: unknown) => string)[] = [
  (value) => JSON.stringify(value),
  (value) => `${JSON.stringify(value, null, 2)}\n`,
  (value) => JSON.stringify(value, null, 1).replace(/\n */g, ' '),
  (value) =>
    JSON.stringify(value).replace(
      /[\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
]

test('JSON means the same as the YAML of its text, and every part has the same place', async () => {
  await fc.assert(
    fc.asyncProperty(root, fc.constantFrom(...styles), async (value, style) => {
      const json = style(value)
      expect(await known(json)).toEqual(await known(asYaml(json), 1))
    }),
    { numRuns: 300 },
  )
})

test('whatever is done to JSON, the same is said of it as of YAML, at the same places', async () => {
  const edit = fc.record({
    at: fc.nat(),
    cut: fc.nat({ max: 2 }),
    put: fc.constantFrom(
      '',
      ',',
      ':',
      '"',
      '{',
      '}',
      '[',
      ']',
      '\n',
      ' ',
      '\t',
      '\\',
      'a',
      '1',
      '-',
      '.',
      '#',
      "'",
      '&a ',
      '*a',
      '!x ',
    ),
  })
  await fc.assert(
    fc.asyncProperty(root, fc.constantFrom(...styles), edit, async (value, style, { at, cut, put }) => {
      const json = style(value)
      const place = at % (json.length + 1)
      const edited = json.slice(0, place) + put + json.slice(place + cut)
      expect(await known(edited)).toEqual(await known(asYaml(edited), 1))
    }),
    { numRuns: 1000 },
  )
})

describe('a text of JSON', () => {
  const isFast = (text: string): boolean => readJson(text, 0) !== undefined

  test('as generators write it is read without the parser of YAML', () => {
    const value = { domains: { 'a.example': { mx: ['mail.example.com'], ttl: 300, dmarc: false, note: 'é "\\ \n' } } }
    expect(styles.map((style) => isFast(style(value)))).toEqual(styles.map(() => true))
  })

  test.each([
    ['a key twice', '{"a": 1, "a": 2}'],
    ['a comma at the end', '[1, 2,]'],
    ['a comment', '[1] # one'],
    ['a bare key', '{a: 1}'],
    ['two values', '[1] [2]'],
    ['tabs', '[\t1]'],
    ['a bare word', '[yes]'],
    ['a string over two lines', '["a\nb"]'],
    ['an end that is missing', '[["a"]'],
    ['no text', ''],
  ])('with %s is left to YAML', (_, text) => {
    expect(isFast(text)).toBe(false)
  })

  test('is included like any other file, and its faults have places in it', async () => {
    const { value, problems } = await read({
      'conf/spec.yaml': 'one: !include one.json\ntwo: !include two.json\n',
      'conf/one.json': '{"a": [1, 2]}',
      'conf/two.json': '{\n  "b": 1,\n  "b": 2\n}\n',
    })
    expect(shown(value)).toBe('{"one":{"a":[1,2]},"two":{"b":1}}')
    expect(problems).toEqual(['conf/two.json:3:3 yaml-duplicate-key: duplicate key "b"'])
  })

  test('may be larger than YAML may, as all of it is read at once', async () => {
    const name = 'x'.repeat(1024 * 1024)
    const large = JSON.stringify(Array.from({ length: 17 }, () => name))
    expect((await read(large)).problems).toEqual([])
    expect((await read(asYaml(large))).problems).toEqual([
      'conf/spec.yaml:1:1 yaml-unreadable: cannot read the file: it is larger than 16 MiB',
    ])
  })

  test('nested too deep is told where it is', async () => {
    const { problems } = await read(`${'['.repeat(200)}${']'.repeat(200)}`)
    expect(problems.map((problem) => problem.split(' ')[1])).toEqual(['yaml-too-deep:'])
  })
})
