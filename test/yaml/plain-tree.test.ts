import fc from 'fast-check'
import { YAMLException } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import type { YamlNode } from '../../yaml/edit/nodes.js'
import { plainMapping } from '../../yaml/edit/plain-tree.js'
import { parseTree } from '../../yaml/edit/tree.js'
import { zoneFile } from '../providers/yaml/random-zone-file.js'

/** What js-yaml makes of a text: a remark that is not ASCII changes no node. Undefined where it is no YAML. */
function byLibrary(text: string): readonly YamlNode[] | undefined {
  try {
    return parseTree(`${text}\n# ü`).roots
  } catch (error) {
    if (error instanceof YAMLException) return undefined
    throw error
  }
}

const PIECES = [
  '\n',
  ' ',
  '  ',
  ': ',
  ':',
  '- ',
  '-',
  '# x',
  "'",
  '"',
  '{',
  '}',
  '{}',
  ', ',
  '\\',
  '&a ',
  '*a',
  '!t ',
  '|',
  '---\n',
]

const scalar = fc.constantFrom(
  '192.0.2.1',
  '2001:db8::1',
  'v=spf1 -all',
  'v=DMARC1\\; p=none',
  "'a: b # c'",
  '"d e"',
  'f#g  h',
  '10',
)
const field = fc
  .tuple(
    fc.constantFrom('ttl', 'type', 'value', "'it'"),
    fc.oneof(
      scalar,
      scalar.map((one) => `{ a: ${one.replace('  ', ' ')}, b: '*' }`),
    ),
  )
  .map(([key, value]) => `${key}: ${value}`)
const list = fc
  .tuple(fc.array(fc.oneof(scalar, field), { minLength: 1, maxLength: 3 }), fc.constantFrom('', '  '))
  .map(([items, indent]) => ['values:', ...items.map((item) => `${indent}- ${item}`)])
const record = fc
  .array(
    fc.oneof(
      field.map((line) => [line]),
      list,
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((all) => all.flat())
const entry = fc
  .tuple(
    fc.constantFrom("''", "'*'", 'www', '_dmarc', 'x.y'),
    fc.array(record, { minLength: 1, maxLength: 2 }),
    fc.boolean(),
  )
  .map(([key, [first = [], ...others], listed]) =>
    listed || others.length > 0
      ? [
          `${key}:`,
          ...[first, ...others].flatMap((lines) => lines.map((line, at) => `  ${at === 0 ? '- ' : '  '}${line}`)),
        ]
      : [`${key}:`, ...first.map((line) => `  ${line}`)],
  )
/** A file in plain block style. */
const plainFile = fc
  .tuple(
    fc.constantFrom('', '---\n', '# x\n---\n\n'),
    fc.array(entry, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '\n', '\n\n# y'),
  )
  .map(([head, entries, tail]) => head + entries.flat().join('\n') + tail)

/** The file with a few pieces of YAML put in, and a few octets taken out, where it may hurt. */
const damaged = (file: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(file, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), fc.constantFrom(...PIECES, '')), { maxLength: 2 }))
    .map(([text, damages]) =>
      damages.reduce((held, [place, gone, put]) => {
        const at = place % (held.length + 1)
        return held.slice(0, at) + put + held.slice(at + gone)
      }, text),
    )

/** Short lines of what YAML is made of. */
const pieces = fc
  .array(fc.constantFrom(...PIECES, 'a', 'b: ', '- c: ', '\n  ', '\n- ', '\n  - ', 'type: A\n', "'': "), {
    maxLength: 12,
  })
  .map((all) => all.join(''))

describe('a text in plain block style', () => {
  const PLAIN = [
    "---\n# remark\n\n'':\n  - type: MX\n    values:\n      - exchange: mail.example.net.\n        preference: 10\n      - { exchange: mx2., preference: 20 }\n  - ttl: 60\n    type: TXT\n    value: v=DMARC1\\; p=none; rua=mailto:a@example.net\n",
    "www:\n  type: AAAA\n  value: 2001:db8::10\n\nx.y:\n- type: TXT\n  values:\n  - 'a \"b\": # c'\n  - \"it's # d\"\n  - plain text#\n_dmarc: {type: TXT, value: 'v=DMARC1; p=none'}",
    '---\n{}\n',
  ]
  test.each(PLAIN)('is read as js-yaml reads it', (text) => {
    expect(plainMapping(text)).toBeDefined()
    expect([plainMapping(text)]).toEqual(byLibrary(text))
  })

  test.each([
    ['a value on two lines', 'a: b\n  c\n'],
    ['an empty value', 'a:\nb: c\n'],
    ['a remark behind a value', 'a: b # c\n'],
    ['a second document', 'a: b\n---\nc: d\n'],
    ['an anchor', 'a: &x b\nc: *x\n'],
    ['a tag', 'a: !t b\n'],
    ['a block of lines', 'a: |\n  b\n'],
    ['an escape', 'a: "b\\tc"\n'],
    ['a merge', '<<: { a: b }\n'],
    ['an address that ends in its colon', 'a: 2001:db8::\n'],
    ['more levels than any zone has', Array.from({ length: 99 }, (_, level) => `${' '.repeat(level)}a:\n`).join('')],
    ['nothing', ''],
  ])('is none with %s', (_, text) => expect(plainMapping(text)).toBeUndefined())

  test('is one whatever stands in it', () => {
    fc.assert(
      fc.property(plainFile, (text) => {
        expect([plainMapping(text)]).toEqual(byLibrary(text))
      }),
    )
  })

  test.each([
    ['such a text with a damage or two', damaged(plainFile)],
    ['a zone file by hand, damaged or not', damaged(zoneFile.map(({ text }) => text))],
    ['pieces of YAML', pieces],
  ])('%s is read as js-yaml reads it, or left to it', (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        const plain = plainMapping(text)
        if (plain !== undefined) expect([plain]).toEqual(byLibrary(text))
      }),
      { numRuns: 1000 },
    )
  })
})
