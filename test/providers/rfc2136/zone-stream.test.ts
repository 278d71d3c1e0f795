import { encode } from 'dns-packet'
import { describe, expect, test } from 'vitest'
import { decodeMessage, type WireRecord } from '../../../providers/dns/message.js'
import { BrokenStream, type Transferred, zoneStream } from '../../../providers/rfc2136/zone-stream.js'
import type { Name } from '../../../records/rr/name.js'
import { type Answer, address, SOA } from './fake-transfer.js'

const zone = 'example.com.' as Name
const soa = (serial: number): Answer => ({ ...SOA, data: { ...SOA.data, serial } })

function recordsOf(answers: readonly Answer[]): readonly WireRecord[] {
  return decodeMessage(encode({ type: 'response', id: 1, flags: 0, questions: [], answers: [...answers] })).answers
}

/** What comes of messages in answer to IXFR from this serial; throws where they go on or stop too early. */
function read(have: number, ...messages: (readonly Answer[])[]): Transferred {
  const stream = zoneStream(zone, have, () => true)
  const ends = messages.map((answers) => stream.add(recordsOf(answers)))
  expect(ends).toEqual(messages.map((_, index) => index === messages.length - 1))
  return stream.result()
}

const namesOf = (records: readonly WireRecord[]): string[] => records.map(({ name }) => name)

describe('an answer to IXFR', () => {
  test('that is the SOA alone says that nothing has changed', () => {
    expect(read(7, [soa(7)])).toEqual({ kind: 'same' })
  })

  test('has differences version by version, cut into messages anywhere', () => {
    const answers = [soa(9), soa(7), address(1), soa(8), address(2), soa(8), address(2), soa(9), address(3), soa(9)]
    for (const cut of [1, 2, 3, 6, 9]) {
      const found = read(7, answers.slice(0, cut), answers.slice(cut))
      expect(found).toMatchObject({ kind: 'differences', serial: 9 })
      const { differences } = found as Extract<Transferred, { kind: 'differences' }>
      expect(differences.map(({ deleted, added }) => [namesOf(deleted), namesOf(added)])).toEqual([
        [['h1.example.com.'], ['h2.example.com.']],
        [['h2.example.com.'], ['h3.example.com.']],
      ])
    }
  })

  test('may be condensed, only take away, or go round', () => {
    expect(read(7, [soa(9), soa(7), address(1), soa(9), soa(9)])).toMatchObject({ kind: 'differences', serial: 9 })
    expect(read(4_294_967_295, [soa(1), soa(4_294_967_295), soa(1), address(1), soa(1)])).toMatchObject({ serial: 1 })
  })

  test('may be the whole zone, also with the serial that was asked with', () => {
    expect(read(7, [soa(9), address(1)], [soa(9)])).toMatchObject({ kind: 'whole', serial: 9 })
    expect(read(7, [soa(7), address(1), soa(7)])).toMatchObject({ kind: 'whole', serial: 7 })
  })

  for (const [what, answers] of [
    ['of a server that is behind', [soa(6)]],
    ['whose versions do not follow each other', [soa(9), soa(7), soa(8), soa(6), soa(9), soa(9)]],
    ['that ends with another serial than it begins', [soa(9), soa(7), soa(9), address(1), soa(8)]],
    ['that goes on behind its end', [soa(9), soa(7), soa(9), soa(9), address(1)]],
    ['without an SOA', [address(1)]],
    ['without anything', []],
  ] as const)
    test(`${what} is not followed`, () => {
      expect(() => read(7, answers)).toThrow(BrokenStream)
    })
})
