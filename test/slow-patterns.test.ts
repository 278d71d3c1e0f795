import { describe, expect, test } from 'vitest'
import { readDkim } from '../records/families/dkim/read-dkim.js'
import { readDmarc } from '../records/families/dmarc/read-dmarc.js'
import { readSpf } from '../records/families/spf/read-spf.js'
import { parseAddress } from '../records/rr/address.js'
import { parseHostname, parseName } from '../records/rr/name.js'
import { unquoteTxt } from '../records/rr/txt.js'
import { masterName, parseTtl } from '../src/import/master-file/master-record.js'
import { escapeHtml, inert, inertSentence } from '../src/render/inert.js'
import { codeSpan, markdownComment, markdownSentence } from '../src/render/markdown/markdown.js'
import { shortValue } from '../src/render/value/short-value.js'

/** What meets text of strangers: a record, a zone file, an error of an API, the title of a pull request. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  inert,
  inertSentence,
  escapeHtml,
  codeSpan,
  markdownSentence,
  markdownComment,
  parseTtl,
  parseName,
  parseHostname,
  parseAddress,
  unquoteTxt,
  shortValue: (text) => shortValue(text),
  masterName: (text) => masterName(text, parseName('example.com') as never),
  'SPF terms': (text) => readSpf(`v=spf1 ${text}`),
  'the name of an SPF term': (text) => readSpf(`v=spf1 include:a.${text}`),
  'DKIM tags': (text) => readDkim(`v=DKIM1; ${text}; p=`),
  'a DKIM key': (text) => readDkim(`v=DKIM1; p=${text}`),
  'DMARC tags': (text) => readDmarc(`v=DMARC1; p=none; ${text}`),
  'DMARC addresses': (text) => readDmarc(`v=DMARC1; p=none; rua=mailto:${text}`),
}

const UNITS = [
  'a',
  '1',
  ' ',
  '\t',
  ':',
  ')',
  '.',
  ',',
  '!',
  '"',
  "'",
  '`',
  '`a',
  '\\',
  '=',
  ';',
  '#',
  '-',
  '%{',
  '\u0301',
  '1h',
  'a-',
]
/** A pattern that takes the square of it, let alone a power, takes minutes. */
const LENGTH = 400_000

describe.each(Object.keys(READERS))('%s', (name) => {
  test.each(UNITS)('reads a long run of %j, and what does not fit after it, in linear time', (unit) => {
    const read = READERS[name] as (text: string) => unknown
    for (const end of ['_', '\u0000x'])
      try {
        read(unit.repeat(LENGTH / unit.length) + end)
      } catch (error) {
        expect(error).toMatchObject({ name: 'MailsyncError' })
      }
  })
})

test('a TTL is what it was: digits, each run with a unit or none', () => {
  expect(['1', '1h30m', '1H30', '90', '1w2d3h4m5s'].map(parseTtl)).toEqual([1, 5400, 3630, 90, 788_645])
  expect(['', 'h', '1hh', 'x1', '1x'].map(parseTtl)).toEqual(Array(5).fill(undefined))
  expect(parseTtl('99999999999')).toBe(0)
})
