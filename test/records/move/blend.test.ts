import { describe, expect, test } from 'vitest'
import { checkMove } from '../../../records/move/check-move.js'
import { compileMove } from '../../../records/move/compile-move.js'
import { changedSince, digestsOf } from '../../../records/move/digest.js'
import type { Level } from '../../../records/move/move.js'
import { rdataText } from '../../../records/rr/rdata.js'
import type { MailSpec } from '../../../records/spec.js'
import { load } from '../../config/load.js'
import { serving } from '../compile/compiled.js'

const KEY = `v=DKIM1; k=ed25519; p=${'A'.repeat(43)}=`
const OTHER_KEY = KEY.replace('AAAA', 'BBBB')

async function read(text: string): Promise<MailSpec> {
  const { spec, problems } = await load(`${serving('example.com', 'example.net', '2.0.192.in-addr.arpa')}${text}`)
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  if (!spec) throw new Error('there is no spec')
  return spec
}

async function moved(old: string, goal: string) {
  const specs = { old: await read(old), goal: await read(goal) }
  const zones = new Map([...specs.old.zones].map(([zone, { targets }]) => [zone, targets]))
  const move = compileMove(specs, { keys: [], zones })
  return {
    ...move,
    findings: checkMove(specs, move),
    /** The values at a place, at each level. */
    at: (place: string): string[][] =>
      ([0, 1, 2, 3] as Level[]).map((level) =>
        move
          .at(level, 300)
          .input.records.flatMap(({ rrset }) =>
            `${rrset.name} ${rrset.type}` === place ? rrset.rdata.map((rdata) => rdataText(rrset.type, rdata)) : [],
          ),
      ),
  }
}

const domain = (more: string): string => `domains: { example.com: { dkim: false, dmarc: false, ${more} } }`

describe('between two specs', () => {
  test('a host that keeps its name changes all its addresses at once', async () => {
    const { at } = await moved(
      `hosts: { mail.example.com: { addresses: [192.0.2.10] } }\n${domain('mx: [mail.example.com]')}`,
      `hosts: { mail.example.com: { addresses: [192.0.2.20, 2001:db8::20] } }\n${domain('mx: [mail.example.com]')}`,
    )
    expect(at('mail.example.com. A')).toEqual([['192.0.2.10'], ['192.0.2.10'], ['192.0.2.20'], ['192.0.2.20']])
    expect(at('mail.example.com. AAAA')).toEqual([[], [], ['2001:db8::20'], ['2001:db8::20']])
    expect(at('20.2.0.192.in-addr.arpa. PTR')).toEqual([
      [],
      ['mail.example.com.'],
      ['mail.example.com.'],
      ['mail.example.com.'],
    ])
    expect(at('10.2.0.192.in-addr.arpa. PTR')).toEqual([
      ['mail.example.com.'],
      ['mail.example.com.'],
      ['mail.example.com.'],
      [],
    ])
    expect(at('mail.example.com. TXT')[1]).toEqual(['v=spf1 ip4:192.0.2.10 ip4:192.0.2.20 ip6:2001:db8::20 a -all'])
    expect(at('mail.example.com. TXT')[3]).toEqual(['v=spf1 a -all'])
  })

  test('the MX of one side stand after all of the other, however its preferences are', async () => {
    const hosts = (...names: string[]): string =>
      `hosts: { ${names.map((name, index) => `${name}.example.com: { addresses: [192.0.2.${index + 1}] }`).join(', ')} }\n`
    const { at } = await moved(
      `${hosts('a', 'b')}${domain('mx: [{ host: a.example.com, preference: 5 }, { host: b.example.com, preference: 65535 }]')}`,
      `${hosts('c', 'd')}${domain('mx: [c.example.com, { host: d.example.com, preference: 10 }]')}`,
    )
    expect(at('example.com. MX')[1]).toEqual([
      '0 a.example.com.',
      '1 b.example.com.',
      '2 c.example.com.',
      '2 d.example.com.',
    ])
    expect(at('example.com. MX')[2]).toEqual([
      '10 c.example.com.',
      '10 d.example.com.',
      '20 a.example.com.',
      '30 b.example.com.',
    ])
  })

  test('what cannot stand beside something gives way at the switch: null MX, and a CNAME', async () => {
    const { at } = await moved(
      domain('mx: none, spf: false, clients: { host: old.example.net, services: [imaps] }'),
      `hosts: { mail.example.com: { addresses: [192.0.2.10], publish: false } }\n${domain('mx: [mail.example.com], spf: false, clients: { host: new.example.net, services: [imaps] }')}`,
    )
    expect(at('example.com. MX')).toEqual([['0 .'], ['0 .'], ['10 mail.example.com.'], ['10 mail.example.com.']])
    expect(at('autoconfig.example.com. CNAME')).toEqual([
      ['old.example.net.'],
      ['old.example.net.'],
      ['new.example.net.'],
      ['new.example.net.'],
    ])
  })

  test('an SPF passes whoever one of the two passes, and tells the others the milder of two answers', async () => {
    const { at } = await moved(
      domain('spf: { addresses: [192.0.2.0/28], include: [_spf.old.example], terms: ["-ip4:192.0.2.3"], all: fail }'),
      domain('spf: { include: [_spf.new.example], all: softfail }'),
    )
    const both = 'v=spf1 ip4:192.0.2.0/28 include:_spf.old.example include:_spf.new.example -ip4:192.0.2.3 ~all'
    expect(at('example.com. TXT').slice(1, 3)).toEqual([[both], [both]])
    const redirected = await moved(
      domain('spf: { redirect: _spf.old.example }'),
      domain('spf: { include: [_spf.new.example], all: fail }'),
    )
    expect(redirected.at('example.com. TXT')[1]).toEqual([
      'v=spf1 include:_spf.new.example include:_spf.old.example ~all',
    ])
  })

  test('where only one side has an SPF there is none while both send', async () => {
    const { at, findings } = await moved(domain('spf: false'), domain('spf: { addresses: [192.0.2.1] }'))
    expect(at('example.com. TXT')).toEqual([[], [], [], ['v=spf1 ip4:192.0.2.1 ~all']])
    expect(findings.map(({ rule }) => rule)).toEqual(['move-spf-absent'])
  })

  test('keys of both are there while either may sign, and DMARC is left as it is', async () => {
    const relay = (selector: string, policy: string): string =>
      `domains: { example.com: { spf: { addresses: [192.0.2.1] }, dmarc: { policy: ${policy} }, dkim: { algorithms: [], keys: { ${selector}: { txt: "${KEY}" } } } } }`
    const { at, moving } = await moved(relay('old', 'reject'), relay('new', 'none'))
    expect(at('old._domainkey.example.com. TXT')).toEqual([[KEY], [KEY], [KEY], []])
    expect(at('new._domainkey.example.com. TXT')).toEqual([[], [KEY], [KEY], [KEY]])
    expect(at('_dmarc.example.com. TXT').flat()).toEqual(Array(4).fill('v=DMARC1; p=reject'))
    expect(moving).toHaveLength(3)
  })

  test('one selector with two keys, by value or by CNAME, cannot move', async () => {
    const key = (record: string): string =>
      `domains: { example.com: { dmarc: false, dkim: { algorithms: [], keys: { s1: { ${record} } } } } }`
    for (const other of [`txt: "${OTHER_KEY}"`, 'cname: s1.relay.example'])
      expect((await moved(key(`txt: "${KEY}"`), key(other))).findings).toMatchObject([
        { rule: 'move-selector', severity: 'error' },
      ])
  })

  test('an SPF that would cost more look-ups than receivers make cannot move', async () => {
    const includes = (side: string, number: number): string =>
      domain(
        `spf: { include: [${Array.from({ length: number }, (_, index) => `${side}${index}.example.net`).join(', ')}] }`,
      )
    expect((await moved(includes('a', 6), includes('b', 5))).findings).toMatchObject([
      { rule: 'move-spf-lookups', message: expect.stringContaining('11 terms') },
    ])
    expect((await moved(includes('a', 5), includes('b', 5))).findings).toEqual([])
  })

  test('a host with DANE on one side only has none while either server may answer', async () => {
    const host = (address: string, keys: readonly string[]): string =>
      `hosts: { mail.example.com: { addresses: [${address}]${keys.length > 0 ? `, tlsa: { records: [${keys.map((key) => `"3 1 1 ${key.repeat(64)}"`).join(', ')}] }` : ''} } }\n${domain('mx: [mail.example.com]')}`
    const place = '_25._tcp.mail.example.com. TLSA'
    const old = `3 1 1 ${'a'.repeat(64)}`
    expect((await moved(host('192.0.2.1', ['a']), host('192.0.2.2', []))).at(place)).toEqual([[old], [], [], []])
    expect((await moved(host('192.0.2.1', []), host('192.0.2.2', ['a']))).at(place)).toEqual([[], [], [], [old]])
    const both = await moved(host('192.0.2.1', ['a']), host('192.0.2.2', ['b']))
    expect(both.at(place).map(({ length }) => length)).toEqual([1, 2, 2, 1])
  })

  test('a policy of MTA-STS allows both MX, and asks for the milder of two modes', async () => {
    const spec = (host: string, mode: string): string =>
      `hosts: { ${host}: { addresses: [192.0.2.1], publish: false } }\n${domain(`mx: [${host}], spf: false, mta_sts: { mode: ${mode} }`)}`
    const { at } = await moved(spec('a.example.net', 'enforce'), spec('b.example.net', 'testing'))
    const ids = at('_mta-sts.example.com. TXT').flat()
    expect(ids[1]).toBe(ids[2])
    expect(new Set(ids).size).toBe(3)
  })

  test('a first CAA comes last, as it would forbid', async () => {
    const caa = (issuers: string): string =>
      domain(`mx: none, spf: false${issuers === '' ? '' : `, caa: { issue: [${issuers}] }`}`)
    const first = await moved(caa(''), caa('letsencrypt.org'))
    expect(first.at('example.com. CAA').map(({ length }) => length)).toEqual([0, 0, 0, 1])
    const other = await moved(caa('letsencrypt.org'), caa('sectigo.com'))
    expect(other.at('example.com. CAA').map(({ length }) => length)).toEqual([1, 2, 2, 1])
  })

  test('a spec that was changed on the way is known by what moves; keys that turn do not count', async () => {
    const spec = (address: string, more = ''): string =>
      `hosts: { mail.example.com: { addresses: [${address}] } }\n${domain(`mx: [mail.example.com]${more}`)}`
    const known = digestsOf((await moved(spec('192.0.2.1'), spec('192.0.2.2'))).moving)
    expect(
      changedSince(
        known,
        (
          await moved(
            spec('192.0.2.1', ', caa: { issue: [a.example] }'),
            spec('192.0.2.2', ', caa: { issue: [a.example] }'),
          )
        ).moving,
      ),
    ).toEqual([])
    expect(changedSince(known, (await moved(spec('192.0.2.1'), spec('192.0.2.3'))).moving)).toContain(
      'mail.example.com. A host',
    )
  })

  test('providers that differ under one name cannot both be used', async () => {
    const [old, goal] = [await read(domain('mx: none, spf: false')), await read(domain('mx: none, spf: false'))]
    const other = {
      ...goal,
      providers: new Map([['dns', { class: 'yaml', options: { directory: 'b' }, from: ['providers', 'dns'] }]]),
    }
    const specs = { old, goal: other }
    expect(checkMove(specs, compileMove(specs, { keys: [], zones: new Map() }))).toMatchObject([
      { rule: 'move-provider' },
    ])
  })
})
