import fc from 'fast-check'
import { parseEvents } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import type { SpecPath } from '../../records/finding.js'
import { withoutRepeats } from '../../yaml/repeats.js'
import { read } from './yaml-in-memory.js'

/** Every path into a value. */
function* pathsIn(value: unknown, path: SpecPath = []): Iterable<SpecPath> {
  yield path
  if (typeof value !== 'object' || value === null) return
  for (const [key, part] of Object.entries(value))
    yield* pathsIn(part, [...path, Array.isArray(value) ? Number(key) : key])
}

const BROKEN = '*none'

/** All that is known of a file; `beside` is another value of the spec that includes it. */
async function known(text: string, beside = '1') {
  const { value, problems, hints, locate } = await read({
    'conf/spec.yaml': `part: !include part.yaml\nbeside: ${beside}\n`,
    'conf/part.yaml': text,
  })
  const { part } = value as { part: unknown }
  const own = problems.flatMap((problem, index) => (problem.includes(BROKEN) ? [] : [{ problem, hint: hints[index] }]))
  const places = [...pathsIn(part, ['part'])].map((path) => [locate(path, 'key'), locate(path)])
  return { value: JSON.stringify(part), problems: own, places }
}

/** The same where something else is wrong: then nothing is left out. */
const whole = (text: string) => known(text, BROKEN)

const entry = fc.constantFrom(
  ' { mx: [a, { host: b, preference: 5 }], spf: { all: fail } }',
  '\n    mx: [a]\n    dmarc: { rua: [d@example.com] }',
  '\n    mx:\n    - a\n    - b',
  ' {}',
  ' 7',
  ' "quoted: text"',
)
const name = fc.integer({ min: 0, max: 60 }).map((index) => `d${index}.example`)
const fleet = fc.array(fc.tuple(name, entry), { minLength: 20, maxLength: 60 })

test('entries that say what others say mean what they mean one by one, each at its place', async () => {
  await fc.assert(
    fc.asyncProperty(fleet, fleet, async (domains, zones) => {
      const section = (entries: typeof domains) => entries.map(([key, value]) => `  ${key}:${value}\n`).join('')
      const text = `a: 1\ndomains:\n${section(domains)}zones:\n${section(zones)}`
      for (const one of [text, section(domains), `# c\n${section(domains)}`])
        expect(await known(one)).toEqual(await whole(one))
    }),
    { numRuns: 200 },
  )
})

test('whatever stands between them, the same is said as where nothing is left out', async () => {
  const pieces = [
    ...['  a: {}\n', '  b: {}\n', '  c: {}\n', '  d: [x]\n', '  e: [x]\n', '  f:\n    g: 1\n', '  h:\n    g: 1\n'],
    ...['a: {}\n', 'b: {}\n', '  a: "x\n', '    y"\n', '  y"\n', '"\n', '  a: [x,\n', '  ]\n', '    ]\n', '  l: |\n'],
    ...['  l: |+\n', '  m: >\n', '    text\n', '\n', '   \n', '# c\n', '  # c\n', '- a\n', '  - a\n', '---\n', '...\n'],
    ...['  "k": {}\n', '  ? k\n', '  : {}\n', '  <<: *x\n', '  x: &x { y: 1 }\n', '  z: *x\n', '  t: !!str 1\n'],
    ...[
      '  n:\n',
      '  o:\n',
      '  p: text\n',
      '    more\n',
      '{\n',
      '}\n',
      '  q: {}, \n',
      'long:\n',
      `  r: ${'r'.repeat(1100)}\n`,
    ],
  ]
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { maxLength: 14 }), async (chosen) => {
      const text = chosen.join('')
      const filled = `long:\n${text}  s: ${'s'.repeat(1100)}\n`
      for (const one of [text, filled]) expect(await known(one)).toEqual(await whole(one))
    }),
    { numRuns: 1500 },
  )
})

test.each([
  ['of the repeat', 'a:\n  mx: [x]\nb:\n  mx: [x]\n# c\n  spf: {}\n'],
  ['of the first', 'a:\n  mx: [x]\n# c\n  spf: {}\nb:\n  mx: [x]\n'],
  ['of both', 'a:\n  mx: [x]\n# c\n\n# d\n  spf: {}\nb:\n  mx: [x]\n# c\n  dmarc: {}\n'],
  ['of an entry that cannot have any', 'a: x\nb:\nc: x\n# c\n  d: x\n'],
])('what follows a comment is part of the entry above it: %s', async (_, text) => {
  const long = `  s: ${'s'.repeat(1100)}\n`
  const section = `long:\n${text.replace(/^(?=.)/gm, '  ')}${long}`
  for (const one of [text, section]) expect(await known(one)).toEqual(await whole(one))
})

describe('the parser is spared', () => {
  test.each([
    ['of a section', 'domains:\n', 1],
    ['of a file to include, indented as they are in a section', '', 0],
  ])('all entries but the first of each kind: %s', (_, head, before) => {
    const names = Array.from({ length: 1000 }, (_, index) => `customer${index}.example`)
    const text = `${head}${names.map((one, index) => `  ${one}: { mx: [mx${index % 7}.example] }\n`).join('')}`
    const scalars = parseEvents(withoutRepeats(text)?.text ?? '', {}).filter((event) => 'valueStart' in event)
    expect(scalars).toHaveLength(before + 7 * 3)
  })
})
