import fc from 'fast-check'
import { DEFAULT_SCALAR_STYLE_RULES, dump, load } from 'js-yaml'
import { expect, it } from 'vitest'
import { DEFAULT_LAYOUT } from '../../../providers/yaml/layout.js'
import { renderBlock, renderFlow } from '../../../providers/yaml/render.js'

const { tryLongOrMultilineAsBlock: _, ...oneLineRules } = DEFAULT_SCALAR_STYLE_RULES
const options = { lineWidth: -1, noRefs: true, scalarStyleRules: Object.values(oneLineRules) }

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
const rdata = fc.oneof(text, fc.record({ exchange: text, preference: fc.nat(9) }))
const head = { ttl: fc.nat(), type: fc.constantFrom('A', 'TXT', 'MX', 'CNAME', 'NULL', 'yes') }
const record = fc.oneof(
  fc.record({ ...head, value: rdata }),
  fc.record({ ...head, values: fc.array(rdata, { maxLength: 3 }) }),
)

it.each([0, 2])('a record is written as js-yaml writes it, lists %i columns in, and means what it is', (listIndent) => {
  fc.assert(
    fc.property(record, (one) => {
      const written = renderBlock(one, 0, { ...DEFAULT_LAYOUT, listIndent })
      expect(written).toBe(dump(one, { ...options, seqNoIndent: listIndent === 0 }).trimEnd())
      expect(load(written)).toEqual(one)
    }),
    { numRuns: 3000 },
  )
})

it('inside brackets a name or a text is written as js-yaml writes it, in quotes where PyYAML would take it for no text', () => {
  const one = fc.oneof(text, fc.stringMatching(/^_?[\w.-]{1,8}$/), fc.stringMatching(/^[\w:? ]{1,8}$/))
  fc.assert(
    fc.property(one, (text) => {
      const byLibrary = dump([text], { ...options, flowLevel: 0 })
        .trimEnd()
        .slice(1, -1)
      const isMisread = byLibrary === text && (text.startsWith(':') || text.includes('?'))
      expect(renderFlow(text)).toBe(isMisread ? `'${text.replaceAll("'", "''")}'` : byLibrary)
      expect(load(`[${renderFlow(text)}]`)).toEqual([text])
    }),
    { numRuns: 3000 },
  )
})
