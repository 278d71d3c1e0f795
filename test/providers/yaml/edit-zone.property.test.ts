import fc from 'fast-check'
import { expect, test } from 'vitest'
import { a, aaaa, mx, txt } from '../../../conformance/rrsets.js'
import { ZONE } from '../../../conformance/subject.js'
import { readZoneFile } from '../../../providers/yaml/zone-text.js'
import { isKnown, keyOf, type RRset, rdataTexts } from '../../../records/rr/rrset.js'
import { edited } from './edited.js'
import { zoneFile } from './random-zone-file.js'

const ttl = fc.constantFrom(60, 3600)
const label = fc.constantFrom('@', 'a1', 'a2', 'a10', 'mail', '_dmarc', 'zz', 'new')
const ours = fc.oneof(
  fc.tuple(label, ttl).map(([at, seconds]) => a(at, ['203.0.113.1'], seconds)),
  fc.tuple(label, ttl).map(([at, seconds]) => aaaa(at, ['2001:db8::1', '2001:db8::2'], seconds)),
  fc.tuple(label, ttl).map(([at, seconds]) => txt(at, ['v=spf1 ip4:203.0.113.1 -all', 'a: b # c'], seconds)),
  label.map((at) => mx(at, [0, 'mail.example.com.'], [90, '.'])),
)
const wishes = fc.uniqueArray(fc.record({ rrset: ours, keep: fc.boolean(), gone: fc.boolean() }), {
  minLength: 1,
  maxLength: 6,
  selector: ({ rrset }) => keyOf(rrset),
})

/** What is wished for: ours alone, ours with the values of strangers in front, or nothing at all. */
function wanted(held: ReadonlyMap<string, RRset>, wish: { rrset: RRset; keep: boolean; gone: boolean }): RRset[] {
  const before = held.get(keyOf(wish.rrset))
  if (wish.gone) return before ? [{ ...before, rdata: [] } as RRset] : []
  return [{ ...wish.rrset, rdata: [...(wish.keep && before ? before.rdata : []), ...wish.rrset.rdata] } as RRset]
}

function byKey(text: string): Map<string, RRset> {
  return new Map(
    readZoneFile(text, ZONE)
      .filter(isKnown)
      .map((rrset) => [keyOf(rrset), rrset]),
  )
}

function comparable(rrsets: Iterable<RRset>): string[] {
  return [...rrsets]
    .filter(({ rdata }) => rdata.length > 0)
    .map((rrset) => `${keyOf(rrset)} ${rrset.ttl} ${rdataTexts(rrset).sort().join(' | ')}`)
    .sort()
}

test('whatever changes, names that are not meant keep every octet and their order, and the changes can be undone', () => {
  fc.assert(
    fc.property(zoneFile, wishes, (file, wish) => {
      const before = byKey(file.text)
      const puts = wish.flatMap((one) => wanted(before, one))
      const after = edited(file.text, puts)
      expect(comparable(byKey(after).values())).toEqual(
        comparable(new Map([...before, ...puts.map((rrset): [string, RRset] => [keyOf(rrset), rrset])]).values()),
      )
      const meant = new Set(puts.map(({ name }) => name as string))
      const others = file.entries.filter(({ label: at }) => !meant.has(at === '' ? ZONE : `${at}.${ZONE}`))
      const undone = edited(
        after,
        puts.map((rrset) => before.get(keyOf(rrset)) ?? ({ ...rrset, rdata: [] } as RRset)),
      )
      for (const text of [after, undone]) {
        const places = others.map((other) => text.indexOf(other.text))
        expect(places).not.toContain(-1)
        expect(places).toEqual([...places].sort((x, y) => x - y))
        expect(new Set(text.match(/\r?\n/g)).size).toBeLessThan(2)
      }
      expect(comparable(byKey(undone).values())).toEqual(comparable(before.values()))
    }),
    { numRuns: 150 },
  )
})
