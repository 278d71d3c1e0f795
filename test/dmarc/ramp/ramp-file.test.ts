import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { type RampEntry, rampText, readRamp } from '../../../src/dmarc/ramp/ramp-file.js'

const SOUND = {
  stage: 'quarantine',
  since: '2026-11-27T06:30:00Z',
  evidence: { first: '2026-11-12', last: '2026-11-26', days: 14, messages: 1234, failing: 3 },
}
const file = (domains: unknown, more: object = {}): string =>
  JSON.stringify({ format: 'mailsync-dmarc-ramp', version: 1, domains, ...more })
const withEntry = (change: object): string => file({ 'example.com': { ...SOUND, ...change } })
const withEvidence = (change: object): string => withEntry({ evidence: { ...SOUND.evidence, ...change } })

test('what is written is read again', () => {
  const read = readRamp(file({ 'example.com': SOUND, 'example.net': { stage: 'none', since: '2026-11-01T00:00:00Z' } }))
  if (typeof read === 'string') throw new Error(read)
  expect([...read.keys()]).toEqual(['example.com.', 'example.net.'])
  expect(JSON.parse(rampText(read)).domains['example.com']).toEqual(SOUND)
})

test.each([
  ['nothing', ''],
  ['half of it', file({ 'example.com': SOUND }).slice(0, 100)],
  ['a merge conflict', `<<<<<<< HEAD\n${file({})}\n=======\n${file({})}\n>>>>>>> other\n`],
  ['another file', '{"format":"mailsync-spf-lock","version":1,"includes":{}}'],
  ['a later version', file({}, { version: 2 })],
  ['an unknown key', file({}, { more: 1 })],
  ['a list', '[]'],
  ['a stage that is none', withEntry({ stage: 'rejected' })],
  ['a time without its zone', withEntry({ since: '2026-11-27T06:30:00' })],
  ['a day that is none', withEvidence({ first: '2026-02-30' })],
  ['reject without evidence', withEntry({ stage: 'reject', evidence: undefined })],
  ['evidence for the beginning', withEntry({ stage: 'none' })],
  ['evidence of the day of the step', withEvidence({ last: '2026-11-27' })],
  ['more days than there are', withEvidence({ days: 16 })],
  ['more that fails than there is', withEvidence({ failing: 1235 })],
  ['a share of a message', withEvidence({ failing: 0.5 })],
  ['a number beyond all', withEvidence({ messages: 1e300 })],
  ['a domain that is none', file({ 'a b': SOUND })],
  ['a domain in two spellings', file({ 'example.com': SOUND, 'EXAMPLE.com.': SOUND })],
])('refused: %s', (_, text) => {
  expect(typeof readRamp(text)).toBe('string')
})

test('a domain called __proto__ does no harm', () => {
  readRamp(`{"format":"mailsync-dmarc-ramp","version":1,"domains":{"__proto__":{"stage":"reject"}}}`)
  expect(({} as { stage?: unknown }).stage).toBe(undefined)
})

test('whatever the state: writing and reading gives it back, and the same octets again', () => {
  const since = fc.integer({ min: 1_700_000_000, max: 2_000_000_000 })
  const entry = since.chain((at): fc.Arbitrary<RampEntry> => {
    const last = Math.floor(at / 86_400) - 1
    const evidence = fc
      .record({ days: fc.integer({ min: 1, max: 30 }), messages: fc.nat(), failing: fc.nat() })
      .map(({ days, messages, failing }) => ({ first: last - 40, last, days, messages: messages + failing, failing }))
    return fc.oneof(
      fc.constant({ stage: 'none' as const, since: at }),
      evidence.map((found) => ({ stage: 'reject' as const, since: at, evidence: found })),
    )
  })
  const names = fc.integer({ min: 0, max: 50 }).map((number) => `d${number}.example.` as Name)
  fc.assert(
    fc.property(fc.array(fc.tuple(names, entry)), (entries) => {
      const state = new Map(entries)
      const read = readRamp(rampText(state))
      expect(read).toEqual(state)
      if (typeof read !== 'string') expect(rampText(read)).toBe(rampText(state))
    }),
  )
})
