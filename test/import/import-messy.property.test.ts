import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkHost } from '../../records/families/spf/evaluate/check-host.js'
import { type RRset, rdataTexts, subjectOf } from '../../records/rr/rrset.js'
import { dnsOf, type Zones as MemoryZones } from '../records/families/spf/zones.js'
import { imported, type Zones } from './imported.js'

const ZONES = [
  'example.com.',
  'example.net.',
  'sub.example.com.',
  '2.0.192.in-addr.arpa.',
  '0/28.100.51.198.in-addr.arpa.',
]
const NAMES = [
  'example.com.',
  'mail.example.com.',
  'a.example.com.',
  'sub.example.com.',
  'mx.sub.example.com.',
  'example.net.',
  'mail.example.net.',
]
const FOREIGN = ['mx.elsewhere.example.', 'bad_name.example.com.', '.']
const ADDRESSES4 = ['192.0.2.1', '192.0.2.2', '198.51.100.3', '10.0.0.1']
const ADDRESSES6 = ['2001:db8::1', '2001:db8::2']

const term = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...ADDRESSES4.map((address) => `ip4:${address}`),
      ...ADDRESSES6.map((address) => `IP6:${address}`),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'a',
      'mx',
      'a:mail.example.com',
      '+a:a.example.com',
      'mx:example.net',
      'A/31',
      'mx//127',
      'a:mail.example.net/24//64',
    ),
  },
  fc.constantFrom(
    'include:_spf.example.org',
    'include:spf.example.net.',
    'ip4:192.0.2.3/31',
    'ip4:192.0.2.1/32',
    'ip6:2001:db8::5/64',
  ),
  fc.constantFrom(
    'ptr',
    'exists:%{i}.example.org',
    '?a',
    'redirect=example.net',
    'a:elsewhere.example',
    'ip4:1.2.3',
    'exp=x.example.org',
    '-ip4:192.0.2.1',
    '~include:_spf.example.org',
    'include:%{d1}.example.org',
    'zip4:1',
    '-mx',
    'ip4:0.0.0.0/0',
  ),
)
const spf = fc
  .tuple(
    fc.array(term, { maxLength: 6 }),
    fc.constantFrom('-all', '~all', '?all', '+all', 'all', '', '~all ip4:192.0.2.9'),
    fc.constantFrom('v=spf1', 'V=SPF1 '),
  )
  .map(([terms, all, version]) => [version, ...terms, all].join(' '))

const tag = fc.constantFrom(
  'p=none',
  'p=Reject',
  'p=quarantine',
  'sp=reject',
  'np=none',
  'pct=50',
  'pct=100',
  'ri=3600',
  'rf=afrf',
  'adkim=s',
  'aspf=r',
  't=y',
  'fo=1:d',
  'fo=2',
  'psd=n',
  'x=1',
  'rua=mailto:d@example.com',
  'rua=mailto:a@example.net!5m,https://x.example',
  'ruf=mailto:a,b@x',
  'p=nonsense',
)
const dmarc = fc.uniqueArray(tag, { maxLength: 5 }).map((tags) => ['v=DMARC1', ...tags].join(';'))

const ttl = fc.constantFrom(60, 300, 3600)
const foreignText = fc.constantFrom('google-site-verification=x', 'MS=1', 'é\u0001 "quoted"')

const textsAt = (name: string, value: fc.Arbitrary<string>) =>
  fc
    .tuple(ttl, fc.array(value, { maxLength: 2 }), fc.array(foreignText, { maxLength: 1 }))
    .map(([seconds, own, others]) => set('TXT', name, seconds, [...new Set([...own, ...others])]))

const atName = (name: string): fc.Arbitrary<RRset[]> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.tuple(
        fc.tuple(ttl, fc.subarray(ADDRESSES4, { maxLength: 2 }), fc.boolean()).map(([seconds, list, isLocked]) => ({
          ...set('A', name, seconds, list),
          ...(isLocked && list.length > 1 ? { locked: 'it is proxied' } : {}),
        })),
        fc
          .tuple(ttl, fc.subarray(ADDRESSES6, { maxLength: 1 }))
          .map(([seconds, list]) => set('AAAA', name, seconds, list)),
        fc
          .tuple(
            ttl,
            fc.uniqueArray(
              fc.record({ preference: fc.constantFrom(0, 10, 20, 5), exchange: fc.constantFrom(...NAMES, ...FOREIGN) }),
              { maxLength: 3, selector: JSON.stringify },
            ),
          )
          .map(([seconds, list]) => set('MX', name, seconds, list)),
        textsAt(name, spf),
        textsAt(`_dmarc.${name}`, dmarc),
      ),
    },
    { weight: 1, arbitrary: fc.constant([set('CNAME', name, 300, ['elsewhere.example.'])]) },
  ) as fc.Arbitrary<RRset[]>

const pointers = fc.tuple(
  ...[1, 2, 3].map((octet) =>
    fc
      .tuple(ttl, fc.subarray(NAMES, { maxLength: 2 }))
      .map(([seconds, names]) => [
        set('PTR', `${octet}.2.0.192.in-addr.arpa.`, seconds, names),
        set('PTR', `${octet}.0/28.100.51.198.in-addr.arpa.`, seconds, names),
      ]),
  ),
)

const world = fc.tuple(fc.tuple(...NAMES.map(atName)), pointers).map(([names, reverse]): Zones => {
  const rrsets = [...names, ...reverse].flat().filter(({ rdata }) => rdata.length > 0)
  const zoneOf = (name: string): string =>
    ZONES.filter((zone) => name === zone || name.endsWith(`.${zone}`)).sort((a, b) => b.length - a.length)[0] as string
  return Object.fromEntries(ZONES.map((zone) => [zone, rrsets.filter(({ name }) => zoneOf(name) === zone)]))
})

function set(type: string, name: string, seconds: number, rdata: readonly unknown[]): RRset {
  return { type, name, ttl: seconds, rdata } as unknown as RRset
}

const PROBES = [
  '192.0.2.0',
  '192.0.2.1',
  '192.0.2.2',
  '192.0.2.3',
  '192.0.2.9',
  '198.51.100.3',
  '198.51.100.99',
  '10.0.0.1',
  '10.0.0.9',
  '2001:db8::',
  '2001:db8::1',
  '2001:db8::2',
  '2001:db8::3',
  '2001:db8:1::',
]
const FOREIGN_DNS: MemoryZones = {
  '_spf.example.org': ['v=spf1 ip4:198.51.100.99 ip6:2001:db8::3 ~all'],
  'spf.example.net': ['v=spf1 ip4:192.0.2.9 -all'],
  'elsewhere.example': ['A 192.0.2.3'],
  '192.0.2.2.example.org': ['A 127.0.0.2'],
}
/** An SPF that is over a limit today may be within it once its hosts are written as addresses. */
const LIMITS = /look-up \d+|MX records/

/** What receivers say of each probe, and why, if an SPF value stood at a name of these zones. */
async function resultsOf(value: string, name: string, zones: Zones): Promise<string[]> {
  const held = Object.values(zones).flatMap((rrsets) => rrsets as readonly RRset[])
  const names = [...new Set(held.map((rrset) => rrset.name))]
  const dns = dnsOf({
    ...FOREIGN_DNS,
    ...Object.fromEntries(
      names.map((owner) => [
        owner.slice(0, -1),
        held
          .filter((rrset) => rrset.name === owner && !(owner === name && rrset.type === 'TXT'))
          .flatMap((rrset) => rdataTexts(rrset).map((text) => `${rrset.type} ${text}`.replace(/\.$/, '')))
          .concat(owner === name ? [`TXT ${value}`] : []),
      ]),
    ),
  })
  const checks = await Promise.all(
    PROBES.map((ip) => checkHost({ ip, mailFrom: `joe@${name.slice(0, -1)}`, helo: 'mail.example.com' }, dns)),
  )
  return checks.map(({ result, tree }) => (LIMITS.test(tree.why ?? '') ? 'over a limit' : result))
}

/** What a DMARC value asks for, defaults filled in (RFC 9989 §4.7). */
function policyOf(value: string): unknown {
  const tags = new Map(value.split(';').map((part) => part.trim().toLowerCase().split('=') as [string, string]))
  const uris = (name: string): string[] =>
    (tags.get(name)?.split(',') ?? [])
      .filter((uri) => uri.startsWith('mailto:'))
      .map((uri) => uri.replace(/!\d+[kmgt]?$/, ''))
  const p = tags.get('p') ?? 'none'
  const sp = tags.get('sp') ?? p
  const short = ['adkim', 'aspf', 't', 'fo'].map(
    (name) => tags.get(name) ?? { adkim: 'r', aspf: 'r', t: 'n', fo: '0' }[name],
  )
  return { p, sp, np: tags.get('np') ?? sp, short, rua: uris('rua'), ruf: uris('ruf') }
}

test('however messy zones are, an import changes nothing but to say the same in other words', async () => {
  await fc.assert(
    fc.asyncProperty(
      world,
      fc.subarray(['example.com.', 'example.net.', 'sub.example.com.', 'a.example.com.'], { minLength: 1 }),
      async (zones, domains) => {
        const { plan, text } = await imported(zones, domains)
        expect(plan.problems.filter(({ severity }) => severity === 'error')).toEqual([])
        expect(plan.failures).toEqual([])
        expect(plan.keys).toEqual([])
        expect(text).not.toContain('`plan` will say')
        const edits = plan.zones.flatMap(({ changes }) =>
          changes.flatMap((change) => change.edits.map((edit) => ({ ...edit, change }))),
        )
        for (const { purpose, before, after, adopts, change } of edits) {
          expect(adopts).toBe(true)
          if (purpose === 'spf') {
            const name = subjectOf(change).name
            expect(before).toHaveLength(1)
            const today = await resultsOf(before[0] as string, name, zones)
            const then = await resultsOf(after[0] as string, name, zones)
            expect(then.filter((_, index) => today[index] !== 'over a limit')).toEqual(
              today.filter((result) => result !== 'over a limit'),
            )
          } else if (purpose === 'dmarc') {
            expect(policyOf(after[0] as string)).toEqual(policyOf(before[0] as string))
          } else expect(after).toEqual(before)
        }
      },
    ),
    { numRuns: 200 },
  )
})
