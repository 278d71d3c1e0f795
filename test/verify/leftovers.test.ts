import { describe, expect, test } from 'vitest'
import type { Name } from '../../records/rr/name.js'
import { checkLeftovers } from '../../src/verify/checks/leftovers.js'
import { fakeWorld, type Records } from './fake-view.js'

const OUTLOOK: Records = {
  'autodiscover.example.com': ['CNAME autodiscover.outlook.com'],
  'autodiscover.outlook.com': ['A 203.0.113.25'],
}
const SRV: Records = {
  '_autodiscover._tcp.example.com': ['SRV 0 0 443 autodiscover.outlook.com.'],
  'autodiscover.outlook.com': ['A 203.0.113.25'],
}
const NOTHING = { relays: [], clients: false, spf: false }

/** The leftovers of example.com, with as much of its spec as they depend on; without one where it is `undefined`. */
const leftovers = async (records: Records, spec: object | undefined = NOTHING, keys: string[] = []) => {
  const wanted = { state: 'signing', isPrivateHere: false } as const
  const checks = await checkLeftovers(
    {
      name: 'example.com.' as Name,
      sends: true,
      senders: [],
      keys: keys.map((selector) => ({ selector, wanted })),
      spec: { ...NOTHING, ...spec } as never,
    },
    fakeWorld(records),
  )
  return checks.map(({ verdict, asked, seen, todo }) => [`${verdict} ${asked}: ${seen}`, todo])
}

describe('leftovers', () => {
  test('autodiscover at a service that the spec does not name', async () => {
    expect(await leftovers(OUTLOOK)).toEqual([
      [
        expect.stringMatching(
          /^warn autodiscover\.example\.com\. CNAME: it leads to Microsoft .*, which the spec does not name/,
        ),
        'take the CNAME away, or name microsoft under relays',
      ],
    ])
  })

  test('the SRV of autodiscover likewise; a target of . leads nowhere', async () => {
    expect(await leftovers(SRV)).toEqual([
      [
        expect.stringMatching(/^warn _autodiscover\._tcp\.example\.com\. SRV: it leads to Microsoft/),
        'take the SRV away, or name microsoft under relays',
      ],
    ])
    expect(await leftovers({ '_autodiscover._tcp.example.com': ['SRV 0 0 0 .'] })).toEqual([])
  })

  const include = { value: 'spf.protection.outlook.com.', from: ['domains'] }
  const spf = { include: [], flatten: [] }
  test.each([
    ['an entry', { relays: [{ relay: 'microsoft', aliases: [], from: ['domains'] }] }],
    ['an include', { spf: { ...spf, include: [include] } }],
    ['an include that is flattened', { spf: { ...spf, flatten: [include] } }],
    ['an MX', { mx: [{ host: 'example-com.mail.protection.outlook.com.' }] }],
    [
      'its own autodiscover',
      {
        clients: { autodiscover: { cname: 'autodiscover.outlook.com.', srv: { target: 'autodiscover.outlook.com.' } } },
      },
    ],
  ])('are none where the spec names the service by %s', async (_, spec) => {
    expect(await leftovers({ ...OUTLOOK, ...SRV }, spec)).toEqual([])
  })

  test('the name of a relay that is used no more', async () => {
    const records = { 'pm-bounces.example.com': ['CNAME pm.mtasv.net'], 'pm.mtasv.net': ['A 203.0.113.26'] }
    expect(await leftovers(records, { relays: [{ relay: 'postmark', aliases: [], from: [] }] })).toEqual([])
    const [[said] = []] = await leftovers(records)
    expect(said).toMatch(/^warn pm-bounces\.example\.com\. CNAME: it leads to Postmark/)
  })

  test('the key of a relay whose target is gone; not that of a key that the spec wants, which has a check of its own', async () => {
    const records = { 's1._domainkey.example.com': ['CNAME s1.domainkey.u1.wl.sendgrid.net'] }
    expect(await leftovers(records)).toEqual([
      [
        'warn s1._domainkey.example.com. CNAME: it leads to s1.domainkey.u1.wl.sendgrid.net, which is not there: whoever gets that name answers for yours',
        'take the CNAME away, if that service is no longer used',
      ],
    ])
    expect(await leftovers(records, {}, ['s1'])).toEqual([])
  })
})
