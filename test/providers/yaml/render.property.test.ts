import fc from 'fast-check'
import { DEFAULT_SCALAR_STYLE_RULES, dump, load } from 'js-yaml'
import { expect, it } from 'vitest'
import { DEFAULT_LAYOUT } from '../../../providers/yaml/layout.js'
import { renderBlock } from '../../../providers/yaml/render.js'

const { tryLongOrMultilineAsBlock: _, ...oneLineRules } = DEFAULT_SCALAR_STYLE_RULES
const options = {
  lineWidth: -1,
  noRefs: true,
  scalarStyleRules: Object.values(oneLineRules),
  seqNoIndent: DEFAULT_LAYOUT.listIndent === 0,
}

const words = fc.constantFrom(
  'v=spf1',
  'include:_spf.relay.example',
  '-all',
  '~all',
  'ip6:2001:db8::1',
  'v=DMARC1\\;',
  'p=reject',
  'yes',
  'null',
  'true',
  'abcdef',
  '#',
  ': ',
  ':',
  '- ',
  '?',
  '"',
  "'",
  '%',
  '@',
  '&a',
  '*',
  '!x',
  '|',
  '>',
  '{',
  ',',
  ' ',
  'é',
  '2026-11-01',
  '1e3',
)
const text = fc.oneof(
  fc.array(words, { maxLength: 8 }).map((parts) => parts.join(' ')),
  fc.array(words, { maxLength: 8 }).map((parts) => parts.join('')),
  fc.string({ maxLength: 12 }),
  fc.stringMatching(/^[A-Za-z][\w=./;:+, ~-]{4,30}$/),
)
const record = fc.record({
  ttl: fc.nat(),
  type: fc.constantFrom('A', 'TXT', 'MX', 'CNAME', 'NULL', 'yes'),
  value: fc.oneof(text, fc.record({ exchange: text, preference: fc.nat(9) })),
})

it('a record is written as js-yaml writes it, and means what it is', () => {
  fc.assert(
    fc.property(record, (one) => {
      const written = renderBlock(one, 0, DEFAULT_LAYOUT)
      expect(written).toBe(dump(one, options).trimEnd())
      expect(load(written)).toEqual(one)
    }),
    { numRuns: 3000 },
  )
})
