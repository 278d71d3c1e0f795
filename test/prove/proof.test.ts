import { describe, expect, it } from 'vitest'
import type { SpfQueryType } from '../../records/families/spf/evaluate/dns.js'
import type { Name } from '../../records/rr/name.js'
import { type Change, keyOf, subjectOf } from '../../records/rr/rrset.js'
import type { OrderedChange } from '../../src/prove/ordered-changes.js'
import { proofRows } from '../../src/prove/proof.js'
import type { ResolvedDns } from '../../src/spf/resolved-dns.js'

const name = (text: string): Name => text as Name
const MAIL = name('mail.example.com.')
const mailing = {
  domain: name('example.com.'),
  sender: { ip: '192.0.2.10', mailFrom: 'postmaster@example.com', helo: 'mail.example.com' },
  messages: [],
  of: 'mail.example.com',
}
const SERVED: Readonly<Record<string, string>> = {
  '10.2.0.192.in-addr.arpa. PTR': 'mail.example.com.',
  'example.com. TXT': 'v=spf1 a:mail.example.com -all',
  // By a wildcard.
  'mail.example.com. A': '192.0.2.10',
}
const served = (async (asked: Name, type: SpfQueryType) => {
  const record = SERVED[`${asked} ${type}`]
  return record === undefined ? { kind: 'nxdomain', aliases: [] } : { kind: 'answer', records: [record], aliases: [] }
}) as ResolvedDns
const ordered = (change: Change): OrderedChange => ({
  change,
  key: keyOf(subjectOf(change)),
  zone: 'example.com.',
  provider: 'dns',
  stage: 0,
  turn: 0,
})

describe('what a plan is proven with', () => {
  it('what is new may have been answered by a wildcard until now: that it breaks mail is seen', async () => {
    const change: Change = {
      kind: 'create',
      after: { type: 'A', name: MAIL, ttl: 300, rdata: ['198.51.100.1' as never] },
    }
    const [row] = await proofRows({ mailings: [mailing], changes: [ordered(change)], served })
    expect(row?.now).toMatchObject({ fcrdns: { result: 'pass' }, spf: { result: 'pass' } })
    expect(row?.after).toMatchObject({ fcrdns: { result: 'fail' }, spf: { result: 'fail' } })
    expect(row?.broken?.map(({ check, when }) => `${check} ${when}`)).toEqual(['fcrdns after', 'spf after'])
  })
})
