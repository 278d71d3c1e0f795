import fc from 'fast-check'
import { isDkimValue } from '../../records/families/dkim/read-dkim.js'
import { isDmarcValue } from '../../records/families/dmarc/read-dmarc.js'
import { isSpfValue } from '../../records/families/spf/read-spf.js'
import type { Name } from '../../records/rr/name.js'
import { joinName } from '../../records/rr/name.js'
import { decodeOctets } from '../../records/rr/octets.js'
import { canonical, keyOf, type RRset } from '../../records/rr/rrset.js'
import { DOMAINS, HOSTS, TARGETS } from './arbitrary-spec.js'
import type { Seed } from './world.js'

/** Labels where strangers' TXT stand: also exactly where ours do. */
const TXT_LABELS = [
  '',
  '_dmarc',
  '_mailsync',
  's1._domainkey',
  '*._domainkey',
  'google._domainkey',
  '_acme-challenge',
  'www',
]

const text = fc
  .oneof(
    fc.constantFrom('google-site-verification=abc', 'MS=ms"1234\\5678"; kept ', '', 'v=spf10 -all', 'v=mailsync'),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.uint8Array({ maxLength: 300 }).map(decodeOctets),
    fc.constant('x'.repeat(600)),
  )
  .map((value) => decodeOctets(Buffer.from(value, 'utf8')))
  .filter((value) => !isSpfValue(value) && !isDmarcValue(value) && !isDkimValue(value) && !/^v=mailsync\d/.test(value))

const ttl = fc.constantFrom(60, 1800)

/** RRsets of strangers in a zone: none stands where the spec wants a whole RRset, any may share a TXT with it. */
function strangersIn(zone: string): fc.Arbitrary<RRset[]> {
  const ours = [...HOSTS, ...DOMAINS].map((name) => `${name}.` as Name).filter((name) => name.endsWith(zone))
  const names = [...TXT_LABELS.map((label) => (label === '' ? (zone as Name) : joinName(label, zone as Name))), ...ours]
  const txt = fc
    .record({ name: fc.constantFrom(...names), ttl, rdata: fc.uniqueArray(text, { minLength: 1, maxLength: 3 }) })
    .map((rrset): RRset => ({ type: 'TXT', ...rrset }))
  const manifest = fc.record({ ttl }).map(
    ({ ttl: seconds }): RRset => ({
      type: 'TXT',
      name: joinName('_mailsync', zone as Name),
      ttl: seconds,
      rdata: ['v=mailsync1; owner=other; host.A=theirs', 'a note'],
    }),
  )
  const others = fc
    .record({
      label: fc.constantFrom('www', 'shop', 'sub-zone', '_sip', 'lists'),
      ttl,
      what: fc.constantFrom(
        { type: 'A', rdata: ['192.0.2.80', '192.0.2.81'] },
        { type: 'AAAA', rdata: ['2001:db8::80'] },
        { type: 'MX', rdata: [{ preference: 0, exchange: 'lists.example.org.' }] },
        { type: 'CNAME', rdata: ['shops.example.org.'] },
        { type: 'NS', rdata: ['ns.example.org.'] },
        { type: 'PTR', rdata: ['printer.example.org.'] },
      ),
    })
    .map(({ label, ttl: seconds, what }) => ({ ...what, name: joinName(label, zone as Name), ttl: seconds }) as RRset)
  return fc
    .array(fc.oneof(txt, txt, manifest, others), { maxLength: 8 })
    .map((rrsets) => [...new Map(rrsets.map((rrset) => [keyOf(rrset), canonical(rrset)])).values()])
}

const places = Object.entries(TARGETS).flatMap(([zone, targets]) => targets.map((provider) => ({ provider, zone })))

/** What strangers hold at every provider of every zone. */
export const foreign: fc.Arbitrary<Seed> = fc.tuple(...places.map(({ zone }) => strangersIn(zone))).map((held) => {
  const seed: Record<string, Record<string, RRset[]>> = {}
  for (const [index, { provider, zone }] of places.entries())
    seed[provider] = { ...seed[provider], [zone]: held[index] as RRset[] }
  return seed
})
