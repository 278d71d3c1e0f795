import { describe, expect, test } from 'vitest'
import type { Address } from '../../records/rr/address.js'
import type { Name } from '../../records/rr/name.js'
import { checkDkim } from '../../src/verify/checks/dkim.js'
import { checkDmarc } from '../../src/verify/checks/dmarc.js'
import { checkReverse } from '../../src/verify/checks/fcrdns.js'
import { checkMx, checkMxTarget } from '../../src/verify/checks/mx.js'
import { checkHelo, checkSpf } from '../../src/verify/checks/spf.js'
import { checkTlsRpt } from '../../src/verify/checks/tls-rpt.js'
import { opinionsFrom } from '../../src/verify/receivers/opinions.js'
import type { CheckedDomain, CheckedHost, Sender } from '../../src/verify/subjects/scope.js'
import { fakeWorld, type Records } from './fake-view.js'
import { RSA_768, RSA_1024, RSA_2048 } from './keys.js'
import { told } from './run-verify.js'

const MAIL = 'mail.example.com.' as Name

function domain(more: Partial<CheckedDomain> = {}): CheckedDomain {
  return { name: 'example.com.' as Name, sends: true, senders: [], keys: [], ...more }
}

describe('MX', () => {
  const mx = async (records: Records, more: Partial<CheckedDomain> = {}) =>
    (await checkMx(domain(more), fakeWorld(records))).map(({ verdict, id }) => `${verdict} ${id}`)

  test('hosts, or the null MX alone', async () => {
    expect(await mx({ 'example.com': ['MX 10 mail.example.com.'] })).toEqual(['pass mx'])
    expect(await mx({ 'example.com': ['MX 0 .'] }, { sends: false })).toEqual(['pass null-mx'])
  })

  test('the null MX of a domain that sends, or beside others', async () => {
    expect(await mx({ 'example.com': ['MX 0 .'] })).toEqual(['fail null-mx'])
    expect(await mx({ 'example.com': ['MX 0 .', 'MX 10 mail.example.com.'] })).toEqual(['fail null-mx'])
  })

  test('none: a warning, as mail goes to the address of the name; unknown where nobody answers', async () => {
    expect(await mx({ 'example.com': ['A 192.0.2.1'] })).toEqual(['warn mx'])
    expect(await mx({ 'example.com': ['failure MX'] })).toEqual(['unknown mx'])
  })

  const target = async (records: Records, more: Partial<CheckedHost> = {}) =>
    told(await checkMxTarget({ name: MAIL, receives: true, sends: [], ...more }, fakeWorld(records)), 'mx-target')

  test('a target has an address of its own', async () => {
    expect(await target({ 'mail.example.com': ['A 192.0.2.10', 'AAAA 2001:db8::10'] })).toEqual([
      'pass mail.example.com.: 192.0.2.10 and 2001:db8::10',
    ])
    expect(
      (await target({ 'mail.example.com': ['CNAME web.example.com'], 'web.example.com': ['A 192.0.2.80'] }))[0],
    ).toMatch(/^fail .*CNAME/)
    expect((await target({}))[0]).toMatch(/^fail .*no address/)
    expect((await target({ 'mail.example.com': ['A 10.0.0.1'] }))[0]).toMatch(/^fail .*nobody outside/)
    expect((await target({ 'mail.example.com': ['failure'] }))[0]).toMatch(/^unknown/)
  })

  test('an address that is not the host’s gets mail too', async () => {
    const spec = { addresses: [{ value: '192.0.2.10', from: [] }], egress: [] } as never
    expect(await target({ 'mail.example.com': ['A 192.0.2.10', 'A 203.0.113.9'] }, { spec })).toEqual([
      'fail mail.example.com.: 203.0.113.9 is no address of the host, and mail goes there too',
    ])
  })
})

describe('reverse DNS', () => {
  const reverse = async (records: Records, more: Partial<Sender> = {}) =>
    told(
      await checkReverse({ address: '192.0.2.10' as Address, helo: MAIL, ...more }, fakeWorld(records)),
      'fcrdns',
      'reverse-name',
    ).map((line) => line.replace(/ .*?: /, ' '))
  const PTR = '10.2.0.192.in-addr.arpa'

  test('there and back, with the name in HELO', async () => {
    expect(await reverse({ [PTR]: ['PTR mail.example.com.'], 'mail.example.com': ['A 192.0.2.10'] })).toEqual([
      'pass mail.example.com leads there and back',
      'pass mail.example.com, as the host says in HELO',
    ])
  })

  test('a name that is confirmed and is not that of HELO is a warning, and no failure', async () => {
    expect(await reverse({ [PTR]: ['PTR www.example.com.'], 'www.example.com': ['A 192.0.2.10'] })).toEqual([
      'pass www.example.com leads there and back',
      'warn www.example.com, and the host says mail.example.com in HELO: receivers take it, some count it',
    ])
  })

  test.each([
    '192-0-2-10.static.isp.example',
    'ip-192-0-2-10.cloud.example',
    '10.2.0.192.pool.isp.example',
    'host.192.000.002.010.example',
    'c000020a.cloud.example',
  ])('a name that a provider makes of the address is a warning: %s', async (name) => {
    const [first, second] = await reverse({ [PTR]: [`PTR ${name}.`], [name]: ['A 192.0.2.10'] })
    expect(first).toMatch(/^pass/)
    expect(second).toMatch(/^warn .*gives to all/)
  })

  test('of several names, one that is confirmed is enough', async () => {
    const lines = await reverse({
      [PTR]: ['PTR old.example.com.', 'PTR mail.example.com.'],
      'mail.example.com': ['A 192.0.2.10'],
    })
    expect(lines.every((line) => line.startsWith('pass'))).toBe(true)
  })

  test('none, one that leads elsewhere, and one that nobody answers for', async () => {
    expect((await reverse({}))[0]).toMatch(/^fail it has no name/)
    expect((await reverse({ [PTR]: ['PTR mail.example.com.'], 'mail.example.com': ['A 192.0.2.99'] }))[0]).toMatch(
      /^fail .*does not lead back/,
    )
    expect((await reverse({ [PTR]: ['failure'] }))[0]).toMatch(/^unknown/)
    expect((await reverse({ [PTR]: ['PTR mail.example.com.'], 'mail.example.com': ['failure'] }))[0]).toMatch(
      /^unknown/,
    )
  })

  test('IPv6, however the other side writes it', async () => {
    const name = `${'0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2'}.ip6.arpa`
    const records = { [name]: ['PTR mail.example.com.'], 'mail.example.com': ['AAAA 2001:DB8:0:0::10'] }
    expect(await reverse(records, { address: '2001:db8::10' as Address })).toEqual([
      'pass mail.example.com leads there and back',
      'pass mail.example.com, as the host says in HELO',
    ])
  })
})

describe('SPF', () => {
  const senders = [{ address: '192.0.2.10' as Address, helo: MAIL }]
  const spf = async (records: Records, more: Partial<CheckedDomain> = {}) =>
    told(
      await checkSpf(domain({ senders, ...more }), fakeWorld(records)),
      'spf-present',
      'spf-record',
      'spf-sender',
    ).map((line) => line.replace(/ example\.com\.: /, ' '))

  test.each([
    ['ip4', 'v=spf1 ip4:192.0.2.10 -all'],
    ['a:', 'v=spf1 a:mail.example.com -all'],
    ['mx', 'v=spf1 mx -all'],
    ['mx:', 'v=spf1 mx:example.com -all'],
  ])('addresses that come by %s count', async (_, value) => {
    const records = {
      'example.com': [`TXT "${value}"`, 'MX 10 mail.example.com.'],
      'mail.example.com': ['A 192.0.2.10'],
    }
    expect(await spf(records)).toEqual([expect.stringMatching(/^pass one, with [01] of 10 look-ups$/), 'pass pass'])
  })

  test('a value of more than 255 octets, in several strings', async () => {
    const many = Array.from({ length: 30 }, (_, index) => `ip4:198.51.100.${index}`).join(' ')
    const value = `v=spf1 ${many} ip4:192.0.2.10 -all`
    const records = { 'example.com': [`TXT "${value.slice(0, 250)}" "${value.slice(250)}"`] }
    expect(await spf(records)).toEqual(['pass one, with 0 of 10 look-ups', 'pass pass'])
  })

  test('two records, one that cannot be read, none', async () => {
    expect(await spf({ 'example.com': ['TXT "v=spf1 -all"', 'TXT "v=spf1 ~all"'] })).toEqual([
      'fail there are 2: receivers take none of them (permerror)',
    ])
    expect((await spf({ 'example.com': ['TXT "v=spf1 ipv4:192.0.2.10 -all"'] }))[0]).toMatch(
      /^fail receivers cannot read it/,
    )
    expect(await spf({ 'example.com': ['TXT "other"'] })).toEqual(['fail there is none'])
    expect((await spf({ 'example.com': ['TXT "other"'] }, { sends: false }))[0]).toMatch(/^warn/)
  })

  test('who does not pass; and who cannot be judged', async () => {
    expect(await spf({ 'example.com': ['TXT "v=spf1 ip4:198.51.100.1 ~all"'] })).toContain('fail softfail')
    const failing = { 'example.com': ['TXT "v=spf1 include:spf.example.net -all"'], 'spf.example.net': ['failure'] }
    expect((await spf(failing)).at(-1)).toMatch(/^unknown temperror/)
  })
})

describe('SPF of the name in HELO', () => {
  const helo = async (records: Records, heloSpf?: boolean) =>
    told(
      await checkHelo(
        {
          name: MAIL,
          receives: false,
          sends: [{ address: '192.0.2.10' as Address, helo: MAIL }],
          ...(heloSpf !== undefined && { spec: { heloSpf } as never }),
        },
        fakeWorld(records),
      ),
      'spf-helo',
    )

  test('is looked at where it is, also where the spec leaves it to somebody else', async () => {
    const foreign = { 'mail.example.com': ['TXT "v=spf1 -all"'] }
    for (const heloSpf of [undefined, false, true])
      expect(await helo(foreign, heloSpf)).toEqual(['fail mail.example.com.: fail'])
    expect(await helo({ 'mail.example.com': ['TXT "v=spf1 ip4:192.0.2.10 -all"'] }, false)).toEqual([
      'pass mail.example.com.: pass',
    ])
  })

  test('where there is none, it lacks only where the spec wants it', async () => {
    const none = { 'mail.example.com': ['A 192.0.2.10'] }
    expect(await helo(none)).toEqual([])
    expect(await helo(none, false)).toEqual([])
    expect(await helo(none, true)).toEqual([expect.stringMatching(/^fail mail\.example\.com\.: none/)])
  })
})

describe('DKIM', () => {
  const NAME = 's1._domainkey.example.com'
  const VALUE = `v=DKIM1; k=rsa; p=${RSA_2048}`
  const txt = (value: string): string => `TXT "${value.slice(0, 200)}" "${value.slice(200)}"`
  const wanted = { state: 'signing', isPrivateHere: false, value: VALUE } as const
  const dkim = async (records: Records, key: object = { selector: 's1', wanted }) =>
    told(
      await checkDkim(domain({ keys: [key as CheckedDomain['keys'][number]] }), fakeWorld(records)),
      'dkim-key',
      'dkim-private',
    ).map((line) => line.replace(' example.com.: ', ' '))

  test('the key of the index; by way of a CNAME too', async () => {
    expect(await dkim({ [NAME]: [txt(VALUE)] })).toEqual(['pass RSA, 2048 bits at s1'])
    expect(await dkim({ [NAME]: ['CNAME s1.dkim.example.net'], 's1.dkim.example.net': [txt(VALUE)] })).toEqual([
      `pass RSA, 2048 bits at s1 (a CNAME leads there: ${NAME}.)`,
    ])
  })

  test('another key, none, two values, a short one, a revoked one', async () => {
    expect((await dkim({ [NAME]: [txt(`v=DKIM1; p=${RSA_1024}`)] }))[0]).toMatch(/^fail another key/)
    expect((await dkim({}))[0]).toMatch(/^fail not there/)
    expect((await dkim({ [NAME]: [txt(VALUE), 'TXT "other"'] }))[0]).toMatch(/^fail 2 values/)
    expect(
      (
        await dkim(
          { [NAME]: ['TXT "v=DKIM1; p="'] },
          { selector: 's1', wanted: { state: 'signing', isPrivateHere: false } },
        )
      )[0],
    ).toMatch(/^fail revoked/)
    const found = { selector: 's1' }
    expect((await dkim({ [NAME]: [txt(`v=DKIM1; p=${RSA_768}`)] }, found))[0]).toMatch(/^fail 768 bits/)
    expect((await dkim({ [NAME]: [txt(`v=DKIM1; p=${RSA_1024}`)] }, found))[0]).toMatch(/^warn 1024 bits/)
    expect((await dkim({ [NAME]: [txt(`${VALUE}; t=y`)] }, found))[0]).toMatch(/^warn t=y/)
  })

  test('a CNAME that leads to nothing', async () => {
    expect(
      (
        await dkim(
          { [NAME]: ['CNAME gone.example.net'] },
          { selector: 's1', wanted: { state: 'signing', isPrivateHere: false } },
        )
      )[0],
    ).toMatch(/^fail a CNAME/)
    expect((await dkim({ [NAME]: ['CNAME gone.example.net'] }, { selector: 's1' }))[0]).toMatch(/^warn a CNAME/)
  })

  test('a private key at hand that does not fit', async () => {
    const key = {
      selector: 's1',
      wanted: { ...wanted, isPrivateHere: true, privateFault: 'it belongs to another key' },
    }
    expect(await dkim({ [NAME]: [txt(VALUE)] }, key)).toContain('fail it belongs to another key')
  })
})

describe('DKIM that mail is signed with', () => {
  const NAME = 's1._domainkey.example.com'
  const VALUE = `v=DKIM1; k=rsa; p=${RSA_2048}`
  const txt = (value: string): string => `TXT "${value.slice(0, 200)}" "${value.slice(200)}"`
  const of = (state: 'published' | 'signing' | 'retiring' | 'revoked', value?: string) => ({
    selector: 's1',
    wanted: { state, isPrivateHere: false, ...(value !== undefined && { value }) },
  })
  const look = async (records: Records, key: CheckedDomain['keys'][number], more: Partial<CheckedDomain> = {}) => {
    const asked = domain({ keys: [key], ...more })
    const checks = await checkDkim(asked, fakeWorld(records))
    return {
      present: told(checks, 'dkim-present').map((line) => line.replace(' example.com.: ', ' ')),
      key: told(checks, 'dkim-key').map((line) => line.replace(' example.com.: ', ' ')),
      outlook: opinionsFrom(checks)(asked).find(({ receiver }) => receiver === 'Outlook'),
    }
  }
  const spec = {} as never

  test('the key that signs, one of a selector that somebody else fills, and one that is found', async () => {
    for (const key of [of('signing', VALUE), of('revoked'), { selector: 's1' }])
      expect((await look({ [NAME]: [txt(VALUE)] }, key)).present).toEqual(['pass a key'])
  })

  test('a key that only waits, one that retires and one that is revoked sign nothing', async () => {
    for (const state of ['published', 'retiring'] as const) {
      const { present, outlook } = await look({ [NAME]: [txt(VALUE)] }, of(state, VALUE), { spec })
      expect(present).toEqual(['warn none of its keys signs, so mail of it is not signed'])
      expect(outlook?.why.join()).toContain('DKIM: none of its keys signs')
    }
    expect((await look({ [NAME]: ['TXT "v=DKIM1; p="'] }, of('revoked', 'v=DKIM1; p='), { spec })).present[0]).toMatch(
      /^warn/,
    )
    expect((await look({ [NAME]: ['TXT "v=DKIM1; p="'] }, of('revoked'), { spec })).present[0]).toMatch(/^warn/)
  })

  test('an empty key or a CNAME to nothing at a guessed selector is no key', async () => {
    for (const record of ['TXT "v=DKIM1; p="', 'CNAME gone.example.net'])
      expect((await look({ [NAME]: [record] }, { selector: 's1' })).present[0]).toMatch(/^unknown none that verifies/)
  })

  test('a key that is not for mail, or not for sha256, even where it is a test or short', async () => {
    const found = { selector: 's1' }
    expect((await look({ [NAME]: [txt(`${VALUE}; s=tlsrpt; t=y`)] }, found)).key[0]).toMatch(/^fail s=tlsrpt/)
    expect((await look({ [NAME]: [txt(`v=DKIM1; h=sha1; p=${RSA_1024}`)] }, found)).key[0]).toMatch(/^fail h=sha1/)
    expect((await look({ [NAME]: [txt(`${VALUE}; s=tlsrpt:email`)] }, found)).key[0]).toMatch(/^pass/)
  })
})

describe('DMARC', () => {
  const dmarc = async (records: Records, more: Partial<CheckedDomain> = {}) =>
    told(await checkDmarc(domain(more), fakeWorld(records)), 'dmarc', 'dmarc-present', 'dmarc-reports').map((line) =>
      line.replace(' example.com.: ', ' '),
    )

  test('the policy, at a CNAME too, and that of a name above', async () => {
    expect(await dmarc({ '_dmarc.example.com': ['TXT "v=DMARC1; p=reject"'] })).toEqual(['pass reject'])
    const aliased = {
      '_dmarc.example.com': ['CNAME policy.example.net'],
      'policy.example.net': ['TXT "v=DMARC1; p=reject"'],
    }
    expect(await dmarc(aliased)).toEqual(['pass reject'])
    expect(
      await dmarc({ '_dmarc.example.com': ['TXT "v=DMARC1; p=reject; sp=none"'] }, { name: 'a.example.com.' as Name }),
    ).toEqual(['pass a.example.com.: none, from example.com; its organizational domain is example.com'])
  })

  test('two policies, one that is none, none at all', async () => {
    expect((await dmarc({ '_dmarc.example.com': ['TXT "v=DMARC1; p=none"', 'TXT "v=DMARC1; p=reject"'] }))[0]).toMatch(
      /^fail 2 policies/,
    )
    expect((await dmarc({ '_dmarc.example.com': ['TXT "v=dmarc1; p=reject"'] }))[0]).toMatch(
      /^fail receivers do not take it/,
    )
    expect((await dmarc({}))[0]).toMatch(/^warn there is none/)
    expect((await dmarc({ '_dmarc.example.com': ['failure'] }))[0]).toMatch(/^unknown/)
  })

  test('reports to another organizational domain need its consent; to one of the same they need none', async () => {
    const policy = 'TXT "v=DMARC1; p=reject; rua=mailto:a@example.net,mailto:b@reports.example.com"'
    const own = { '_dmarc.example.com': [policy] }
    expect((await dmarc(own)).at(-1)).toMatch(/^fail example\.net does not say/)
    expect(await dmarc({ ...own, 'example.com._report._dmarc.example.net': ['TXT "v=DMARC1"'] })).toEqual([
      'pass reject',
      'pass example.net takes them',
    ])
  })

  test('reports of a policy from above: whoever gets them has to take those of the domain that has it', async () => {
    const own = { '_dmarc.example.com': ['TXT "v=DMARC1; p=reject; rua=mailto:a@example.net"'] }
    const news = { name: 'news.example.com.' as Name }
    expect((await dmarc(own, news)).at(-1)).toBe(
      'fail example.net does not say that it takes reports of example.com, so none is sent there',
    )
    expect((await dmarc({ ...own, 'example.com._report._dmarc.example.net': ['TXT "v=DMARC1"'] }, news)).at(-1)).toBe(
      'pass example.net takes them',
    )
  })
})

test('TLS-RPT: one record that can be read, and none is no fault', async () => {
  const rpt = async (records: Records) =>
    told(await checkTlsRpt(domain(), fakeWorld(records)), 'tls-rpt').map((line) => line.split(' ')[0])
  const at = '_smtp._tls.example.com'
  expect(await rpt({})).toEqual([])
  expect(await rpt({ [at]: ['TXT "v=TLSRPTv1; rua=mailto:a@example.com"'] })).toEqual(['pass'])
  expect(await rpt({ [at]: ['TXT "v=TLSRPTv1; rua=a@example.com"'] })).toEqual(['fail'])
})
