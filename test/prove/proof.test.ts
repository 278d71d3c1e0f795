import { describe, expect, it } from 'vitest'
import type { SpfQueryType } from '../../records/families/spf/evaluate/dns.js'
import type { Name } from '../../records/rr/name.js'
import { type Change, keyOf, type RRset, subjectOf } from '../../records/rr/rrset.js'
import { zoneWith } from '../../records/rr/zone.js'
import type { OrderedChange } from '../../src/prove/ordered-changes.js'
import { proofRows } from '../../src/prove/proof.js'
import { proofLines } from '../../src/render/text/plan/proof-text.js'
import type { ResolvedDns } from '../../src/spf/resolved-dns.js'

const name = (text: string): Name => text as Name
const MAIL = name('mail.example.com.')
const mailing = {
  domain: name('example.com.'),
  sender: { ip: '192.0.2.10', mailFrom: 'postmaster@example.com', helo: 'mail.example.com' },
  messages: [],
  of: 'mail.example.com',
}
const APEX = name('example.com.')
const SERVED: Readonly<Record<string, string>> = {
  '10.2.0.192.in-addr.arpa. PTR': 'mail.example.com.',
  'example.com. TXT': 'v=spf1 a:mail.example.com -all',
  // By a wildcard.
  'mail.example.com. A': '192.0.2.10',
}
const serving = (records: Readonly<Record<string, string>>) =>
  (async (asked: Name, type: SpfQueryType) => {
    const record = records[`${asked} ${type}`]
    return record === undefined ? { kind: 'nxdomain', aliases: [] } : { kind: 'answer', records: [record], aliases: [] }
  }) as ResolvedDns
const served = serving(SERVED)
const ordered = (change: Change, turn = 0): OrderedChange => ({
  change,
  key: keyOf(subjectOf(change)),
  zone: APEX,
  provider: 'dns',
  stage: 0,
  turn,
})
const txt = (owner: string, value: string): RRset => ({ type: 'TXT', name: name(owner), ttl: 300, rdata: [value] })
const a = (owner: string, value: string): RRset => ({
  type: 'A',
  name: name(owner),
  ttl: 300,
  rdata: [value as never],
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

  it('a zone at two providers, which are written side by side: one may be asked for what the other does not have yet', async () => {
    const included: Change = { kind: 'create', after: txt('_spf.example.com.', 'v=spf1 ip4:192.0.2.10 -all') }
    const spf: Change = {
      kind: 'update',
      before: txt('example.com.', 'v=spf1 a:mail.example.com -all'),
      after: txt('example.com.', 'v=spf1 include:_spf.example.com -all'),
    }
    const written = (provider: string) =>
      [included, spf].map((change, turn) => ({ ...ordered(change, turn), provider }))
    const one = await proofRows({ mailings: [mailing], changes: written('one'), served })
    expect(one[0]?.broken).toBeUndefined()
    const two = await proofRows({ mailings: [mailing], changes: [...written('one'), ...written('two')], served })
    expect(two[0]?.broken).toMatchObject([{ check: 'spf', when: 'between', old: ['_spf.example.com. TXT'] }])
  })

  it('where many changes bear on mail, it is said that not every moment between was tried', async () => {
    const rowsOf = async (count: number) => {
      const includes = Array.from({ length: count }, (_, index) => `p${index}.example.com`)
      const records = Object.fromEntries(includes.map((one) => [`${one}. TXT`, 'v=spf1 ip4:198.51.100.1 -all']))
      const terms = includes.map((one) => `include:${one}`).join(' ')
      return proofRows({
        mailings: [mailing],
        changes: includes.map((one, turn) =>
          ordered(
            {
              kind: 'update',
              before: txt(`${one}.`, 'v=spf1 ip4:198.51.100.1 -all'),
              after: txt(`${one}.`, 'v=spf1 ip4:198.51.100.2 -all'),
            },
            turn,
          ),
        ),
        served: serving({ ...SERVED, ...records, 'example.com. TXT': `v=spf1 ${terms} ip4:192.0.2.10 -all` }),
      })
    }
    expect((await rowsOf(7))[0]?.sampled).toBeUndefined()
    const rows = await rowsOf(8)
    expect(rows[0]?.sampled).toBe(8)
    expect(proofLines({ rows, unproven: [] }, false).join('\n')).toMatch(
      /192\.0\.2\.10 mail\.example\.com \(sampled\)[\s\S]*sampled: many changes bear on it/,
    )
  })

  describe('a zone with a wildcard', () => {
    const spf = txt('example.com.', 'v=spf1 a:mail.example.com -all')
    const wildcards = [{ provider: 'dns', zone: zoneWith(APEX, [spf, a('*.example.com.', '192.0.2.10')]) }]
    const zones = new Map([[APEX, true]])
    const rows = (...changes: OrderedChange[]) => proofRows({ mailings: [mailing], changes, served, wildcards, zones })

    it('a new record of another type takes the address away that it gave', async () => {
      const [row] = await rows(ordered({ kind: 'create', after: txt('mail.example.com.', 'v=spf1 a -all') }))
      expect(row?.after).toMatchObject({ fcrdns: { result: 'fail' }, spf: { result: 'fail' } })
      expect(row?.broken?.map(({ check, when }) => `${check} ${when}`)).toEqual(['fcrdns after', 'spf after'])
    })

    it('so does a new record below, and one beside it that brings the address back lets all be as it was', async () => {
      const below = ordered({ kind: 'create', after: txt('_dmarc.mail.example.com.', 'v=DMARC1; p=none') })
      const address = ordered({ kind: 'create', after: a('mail.example.com.', '192.0.2.10') })
      expect((await rows(below))[0]?.broken?.map(({ when }) => when)).toEqual(['after', 'after'])
      expect((await rows(below, address))[0]?.broken).toBeUndefined()
    })

    it('where they are two writes, it is seen that nothing is answered in between', async () => {
      const [row] = await rows(
        ordered({ kind: 'create', after: txt('mail.example.com.', 'v=spf1 a -all') }, 0),
        ordered({ kind: 'create', after: a('mail.example.com.', '192.0.2.10') }, 1),
      )
      expect(row?.after).toMatchObject({ fcrdns: { result: 'pass' }, spf: { result: 'pass' } })
      expect(row?.broken).toMatchObject([
        { check: 'fcrdns', when: 'between', midway: 'mail.example.com. A' },
        { check: 'spf', when: 'between', midway: 'mail.example.com. A' },
      ])
    })

    it('a record that goes uncovers it', async () => {
      const own = a('mail.example.com.', '198.51.100.1')
      const held = [{ provider: 'dns', zone: zoneWith(APEX, [spf, own, a('*.example.com.', '192.0.2.10')]) }]
      const [row] = await proofRows({
        mailings: [mailing],
        changes: [ordered({ kind: 'delete', before: own })],
        served: serving({ ...SERVED, 'mail.example.com. A': '198.51.100.1' }),
        wildcards: held,
        zones,
      })
      expect(row?.now).toMatchObject({ spf: { result: 'fail' } })
      expect(row?.after).toMatchObject({ fcrdns: { result: 'pass' }, spf: { result: 'pass' } })
    })
  })

  describe('that a name does not exist is remembered', () => {
    const before = txt('example.com.', 'v=spf1 ip4:192.0.2.0/28 a:late.example.com -all')
    const outside = { ...mailing, sender: { ...mailing.sender, ip: '192.0.2.77' } }
    const broken = async (owner: string) => {
      const after = txt('example.com.', `v=spf1 include:${owner.slice(0, -1)} -all`)
      const [row] = await proofRows({
        // The other one makes receivers ask for the name; that of which it is proven passes before.
        mailings: [mailing, outside],
        changes: [
          ordered({ kind: 'create', after: txt(owner, 'v=spf1 ip4:192.0.2.10 -all') }, 0),
          ordered({ kind: 'update', before, after }, 1),
        ],
        served: serving({ ...SERVED, 'example.com. TXT': `${before.rdata[0]}` }),
      })
      return row?.broken?.map(({ check, when, old: hidden }) => `${check} ${when} ${hidden}`)
    }

    it('for all its types (RFC 2308), by whoever asked first', async () => {
      expect(await broken('late.example.com.')).toEqual(['spf between late.example.com. TXT'])
    })

    it('and for all names below it (RFC 8020)', async () => {
      expect(await broken('_spf.late.example.com.')).toEqual(['spf between _spf.late.example.com. TXT'])
    })

    it('but for nothing beside it, which nobody asked for', async () => {
      expect(await broken('other.example.com.')).toBeUndefined()
    })
  })
})
