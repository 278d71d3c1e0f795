import { expect, test } from 'vitest'
import { changesBetween } from '../../../conformance/rrsets.js'
import type { Name } from '../../../records/rr/name.js'
import { isAscii } from '../../../records/rr/octets.js'
import { type Change, canonical, type RRset, type RRsetOf } from '../../../records/rr/rrset.js'
import { quoteTxt, type Txt } from '../../../records/rr/txt.js'
import { never } from '../rfc2136/rrsets.js'
import { onEachPowerdns, type Story } from './on-each-powerdns.js'

const SPF = 'v=spf1 ip4:192.0.2.10 -all'

/** Adds, changes or removes a value at the apex TXT, or a new TTL, and gives what is read then. */
async function edit({ provider, zone }: Story, make: (held: RRsetOf<'TXT'>) => RRset): Promise<RRset | undefined> {
  const held = await txtAt(provider, zone)
  await written({ provider, zone }, ...changesBetween([held], [make(held)]))
  return txtAt(provider, zone)
}

async function written({ provider, zone }: Pick<Story, 'provider' | 'zone'>, ...changes: Change[]): Promise<void> {
  expect(await provider.write(zone, changes, never)).toEqual({ applied: changes })
}

async function txtAt(provider: Story['provider'], zone: Name): Promise<RRsetOf<'TXT'>> {
  return (await provider.read(zone, never)).find((one) => one.name === zone && one.type === 'TXT') as RRsetOf<'TXT'>
}

const withSpf = (held: RRsetOf<'TXT'>): RRset => ({ ...held, rdata: [...held.rdata, SPF] })
const withTtl = (held: RRsetOf<'TXT'>): RRset => ({ ...held, ttl: 600 })

onEachPowerdns('what strangers keep in an RRset of ours', (tell, isNewer) => {
  test.each<[string, string, Txt]>([
    ['quotes and backslashes', String.raw`"say \"a\\b\" \\"`, 'say "a\\b" \\'],
    ['escapes that are not needed', String.raw`"a\;b\097"`, 'a;ba'],
    ['octets that are no text', String.raw`"\000\255\195\169\127"`, '\0\udcffé\x7f'],
    ['UTF-8 as it is', '"grüße"', 'grüße'],
    ['strings cut anywhere', '"" "a" "" "b c"', ['', 'a', '', 'b c']],
  ])('%s are read, and stay when a value is added, the TTL changes, and the value goes', async (_, line, value) => {
    const story = await tell(`@ 3600 IN TXT ${line}`)
    const { zone, native } = story
    const before = await native(zone, 'TXT')
    expect((await txtAt(story.provider, zone)).rdata).toEqual([value])
    expect(await edit(story, withSpf)).toMatchObject({ rdata: expect.arrayContaining([value, SPF]) })
    expect(await edit(story, withTtl)).toMatchObject({ ttl: 600, rdata: expect.arrayContaining([value, SPF]) })
    expect(await edit(story, (held) => ({ ...held, rdata: [value] }))).toMatchObject({ rdata: [value] })
    const after = await native(zone, 'TXT')
    const asWritten = isAscii(line) ? before?.records : [{ content: quoteTxt(value), disabled: false }]
    expect(after?.records).toEqual(asWritten)
  })

  test('values that differ only in case are two, whichever comes and goes', async () => {
    const story = await tell('@ 3600 IN TXT "Token"\n@ 3600 IN TXT "token"')
    expect(await edit(story, withSpf)).toMatchObject({ rdata: ['Token', 'token', SPF] })
    expect(await edit(story, (held) => ({ ...held, rdata: ['Token', 'TOKEN'] }))).toMatchObject({
      rdata: ['TOKEN', 'Token'],
    })
  })

  test('a disabled record is not seen, and stays whatever is written beside it', async () => {
    const story = await tell()
    const { zone, native, patch } = story
    const records = [
      { content: '"old"', disabled: true },
      { content: '"MS=ms1"', disabled: false },
    ]
    await patch({ name: zone, type: 'TXT', ttl: 3600, changetype: 'REPLACE', records })
    expect(await edit(story, withSpf)).toMatchObject({ rdata: ['MS=ms1', SPF] })
    expect(await edit(story, (held) => ({ ...held, rdata: ['MS=ms1'] }))).toMatchObject({ rdata: ['MS=ms1'] })
    expect((await native(zone, 'TXT'))?.records).toEqual(expect.arrayContaining(records))
    const held = await txtAt(story.provider, zone)
    await written(story, { kind: 'delete', before: held })
    expect((await native(zone, 'TXT'))?.records).toEqual([{ content: '"old"', disabled: true }])
    await written(story, { kind: 'create', after: { ...held, rdata: ['old'] } })
    expect((await native(zone, 'TXT'))?.records).toEqual([{ content: '"old"', disabled: false }])
  })

  test('comments of an RRset stay', async () => {
    const story = await tell()
    const { zone, native, patch } = story
    const records = [{ content: '"MS=ms1"', disabled: false }]
    const comments = [{ content: 'ask Ada', account: 'ada' }]
    await patch({ name: zone, type: 'TXT', ttl: 3600, changetype: 'REPLACE', records, comments })
    await edit(story, withSpf)
    await edit(story, withTtl)
    await edit(story, (held) => ({ ...held, rdata: ['another'] }))
    expect((await native(zone, 'TXT'))?.comments).toMatchObject([{ content: 'ask Ada' }])
  })

  test('targets spelled in capitals are one value, and stay as they are spelled', async () => {
    const story = await tell('mail 3600 IN MX 10 MX.Example.NET.\nmail 3600 IN MX 20 b.example.net.')
    const { zone, provider, native } = story
    const name = `mail.${zone}` as Name
    const mx = (...rdata: [number, string][]): RRset => ({
      type: 'MX',
      name,
      ttl: 3600,
      rdata: rdata.map(([preference, exchange]) => ({ preference, exchange: exchange as Name })),
    })
    const [first, second] = [mx([10, 'mx.example.net.'], [20, 'b.example.net.']), mx([10, 'mx.example.net.'])]
    expect(await provider.read(zone, never)).toContainEqual(first)
    await written(story, { kind: 'update', before: first, after: second })
    expect((await native(name, 'MX'))?.records).toEqual([{ content: '10 MX.Example.NET.', disabled: false }])
  })

  test('records of other types are there, locked: what answers in the place of an address is in the way', async () => {
    const { provider, zone } = await tell(
      isNewer
        ? 'web 300 IN ALIAS web.example.net.\nold 300 IN DNAME new.example.net.'
        : `web 300 IN ALIAS web.example.net.\ngeo 300 IN LUA A "ifportup(443, {'192.0.2.1'})"\nold 300 IN DNAME new.example.net.`,
    )
    const seen = (await provider.read(zone, never)).filter(({ type }) => type !== 'NS')
    expect(seen.map(({ type }) => type).sort()).toEqual(isNewer ? ['ALIAS', 'DNAME'] : ['ALIAS', 'DNAME', 'LUA'])
    expect(seen.map(({ locked }) => locked)).not.toContain(undefined)
    const after: RRset = { type: 'A', name: `web.${zone}` as Name, ttl: 300, rdata: ['192.0.2.1'] }
    expect(await provider.write(zone, [{ kind: 'create', after }], never)).toMatchObject({
      applied: [],
      failure: { code: 'stale' },
    })
  })

  test.each([
    '::ffff:192.0.2.1',
    '::192.0.2.1',
    '::c000:201',
    '64:ff9b::192.0.2.1',
    '2001:db8:0:1:1:1:1:1',
    '2001:0:0:1:0:0:0:1',
    '::',
    '::1',
  ])('the address %s is written and taken away, however PowerDNS spells it', async (text) => {
    const story = await tell([])
    const { provider, zone } = story
    const name = `mail.${zone}` as Name
    const aaaa = (...rdata: string[]): RRset => canonical({ type: 'AAAA', name, ttl: 60, rdata })
    const [one, two, rest] = [aaaa(text), aaaa('2001:db8::1', text), aaaa('2001:db8::1')] as const
    const there = async (): Promise<unknown> => (await provider.read(zone, never)).find((rrset) => rrset.name === name)
    await written(story, { kind: 'create', after: one })
    expect(await there()).toEqual(one)
    await written(story, { kind: 'update', before: one, after: two })
    expect(await there()).toEqual(two)
    await written(story, { kind: 'update', before: two, after: rest })
    expect(await there()).toEqual(rest)
  })

  test.runIf(isNewer)('what somebody adds and removes between our look and our write stays so', async () => {
    const story = await tell(
      '@ 3600 IN TXT "MS=ms1"\n@ 3600 IN TXT "gone"\nmail 3600 IN A 192.0.2.1\nold 3600 IN A 192.0.2.1',
    )
    const { zone, provider, proxy, patch } = story
    const held = await txtAt(provider, zone)
    const a = (label: string, ...rdata: string[]): RRset => ({
      type: 'A',
      name: `${label}.${zone}` as Name,
      ttl: 3600,
      rdata,
    })
    const one = (name: string, type: string, changetype: string, content: string): object => ({
      name,
      type,
      changetype,
      ttl: 3600,
      records: [{ content }],
    })
    proxy.meet('PATCH', {
      first: () =>
        patch(
          one(zone, 'TXT', 'EXTEND', '"theirs"'),
          one(zone, 'TXT', 'PRUNE', '"gone"'),
          one(`mail.${zone}`, 'A', 'EXTEND', '203.0.113.1'),
          one(`old.${zone}`, 'A', 'EXTEND', '203.0.113.1'),
          one(`new.${zone}`, 'A', 'EXTEND', '203.0.113.1'),
        ),
    })
    await provider.write(
      zone,
      [
        { kind: 'update', before: held, after: withSpf(held) },
        { kind: 'update', before: a('mail', '192.0.2.1'), after: a('mail', '192.0.2.2') },
        { kind: 'delete', before: a('old', '192.0.2.1') },
        { kind: 'create', after: a('new', '192.0.2.9') },
      ],
      never,
    )
    expect((await txtAt(provider, zone)).rdata).toEqual(['MS=ms1', 'theirs', SPF])
    const now = await provider.read(zone, never)
    expect(now).toEqual(
      expect.arrayContaining([
        a('mail', '192.0.2.2', '203.0.113.1'),
        a('old', '203.0.113.1'),
        a('new', '192.0.2.9', '203.0.113.1'),
      ]),
    )
  })
})
