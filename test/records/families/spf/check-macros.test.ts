import { describe, expect, test } from 'vitest'
import { checkHost } from '../../../../records/families/spf/evaluate/check-host.js'
import type { SpfSender } from '../../../../records/families/spf/evaluate/sender.js'
import { dnsOf, type Zones } from './zones.js'

/** The sender of RFC 7208 §7.4. */
const STRONG: SpfSender = {
  ip: '192.0.2.3',
  mailFrom: 'strong-bad@email.example.com',
  helo: 'mx-a.strong-bad.example.net',
}
const SIX: SpfSender = { ...STRONG, ip: '2001:db8::cb01' }

/** What a macro-string becomes in the explanation of a fail. */
async function expanded(text: string, sender: SpfSender, zones: Zones = {}): Promise<string | undefined> {
  const domain = sender.mailFrom?.split('@').at(-1) ?? ''
  const dns = dnsOf({ [domain]: ['v=spf1 -all exp=exp.example.org'], 'exp.example.org': [`TXT ${text}`], ...zones })
  return (await checkHost(sender, dns)).explanation
}

/** The name that `exists:` asks for. */
async function askedFor(spec: string, sender: SpfSender = STRONG): Promise<string | undefined> {
  const domain = sender.mailFrom?.split('@').at(-1) ?? ''
  const dns = dnsOf({ [domain]: [`v=spf1 exists:${spec} -all`] })
  await checkHost(sender, dns)
  return dns.asked[1]?.slice(2)
}

describe('letters and transformers (RFC 7208 §7.2–§7.4)', () => {
  test.each([
    ['%{s}', 'strong-bad@email.example.com'],
    ['%{o}', 'email.example.com'],
    ['%{d}', 'email.example.com'],
    ['%{d4}', 'email.example.com'],
    ['%{d3}', 'email.example.com'],
    ['%{d2}', 'example.com'],
    ['%{d1}', 'com'],
    ['%{dr}', 'com.example.email'],
    ['%{d2r}', 'example.email'],
    ['%{d2R}', 'example.email'],
    ['%{d02}', 'example.com'],
    ['%{d99999999999999999999}', 'email.example.com'],
    ['%{l}', 'strong-bad'],
    ['%{l-}', 'strong.bad'],
    ['%{lr}', 'strong-bad'],
    ['%{lr-}', 'bad.strong'],
    ['%{l1r-}', 'strong'],
    ['%{l1-}', 'bad'],
    ['%{o-.}', 'email.example.com'],
    ['%{i}', '192.0.2.3'],
    ['%{ir}', '3.2.0.192'],
    ['%{i2r}', '0.192'],
    ['%{v}', 'in-addr'],
    ['%{h}', 'mx-a.strong-bad.example.net'],
    ['%{h2}', 'example.net'],
    ['%{hr-.}', 'net.example.bad.strong.a.mx'],
    ['%{c}', '192.0.2.3'],
    ['%{r}', 'unknown'],
    ['%{t}', '0'],
    ['%{p}', 'unknown'],
    ['%{S}', 'strong-bad%40email.example.com'],
    ['%{L-}', 'strong.bad'],
    ['%%%_%-', '% %20'],
    ['a %{l1r-} b', 'a strong b'],
    ['', ''],
  ])('%s is %s', async (text, value) => {
    expect(await expanded(text, STRONG)).toBe(value)
  })

  test.each([
    ['%{i}', '2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.c.b.0.1'],
    ['%{ir}.%{v}._spf.%{d2}', '1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com'],
    ['%{c}', '2001:db8::cb01'],
    ['%{C}', '2001%3Adb8%3A%3Acb01'],
  ])('%s of an IPv6 client is %s', async (text, value) => {
    expect(await expanded(text, SIX)).toBe(value)
  })

  test('an IPv4 address written as IPv6 is an IPv4 address', async () => {
    expect(await expanded('%{i} %{c} %{v}', { ...STRONG, ip: '::ffff:192.0.2.3' })).toBe('192.0.2.3 192.0.2.3 in-addr')
  })

  test.each([
    ['a+b=c@example.com', '%{l+=}', 'a.b.c'],
    ['a+b=c@example.com', '%{l2+=r}', undefined],
    ['a+b=c@example.com', '%{l2r+=}', 'b.a'],
    ['a.b@example.com', '%{l1r}', 'a'],
    ['a_b/c,d@example.com', '%{l_/,}', 'a.b.c.d'],
    ['a_b/c,d@example.com', '%{L}', 'a_b%2Fc%2Cd'],
    ['a--b@example.com', '%{l-}', 'a..b'],
    ['joe@x@example.com', '%{s} %{l} %{o}', 'joe@x@example.com joe@x example.com'],
    ["jack&jill=up-a_b3.c~!$'()*;@example.com", '%{L}', 'jack%26jill%3Dup-a_b3.c~%21%24%27%28%29%2A%3B'],
    ['%41@example.com', '%{l} %{L}', '%41 %2541'],
    ['jos\u00e9@example.com', '%{l}', undefined],
    ['jos\u00e9@example.com', '%{L}', 'jos%C3%A9'],
    ['@example.com', '%{s}', 'postmaster@example.com'],
  ])('of %s, %s is %s', async (mailFrom, text, value) => {
    expect(await expanded(text, { ip: '192.0.2.3', mailFrom, helo: 'h.example.net' })).toBe(value)
  })

  test.each(['%{d0}', '%{d00}', '%{x}', '%{dd}', '%{d', '%d', '%{}', '%{d:}', '%', '%{d2rr}', '%{-d}'])(
    'a text with %s is no explanation, and a record with it is a permerror',
    async (text) => {
      expect(await expanded(text, STRONG)).toBeUndefined()
      const { result } = await checkHost(STRONG, dnsOf({ 'email.example.com': [`v=spf1 +all x=${text}`, 'other'] }))
      expect(result).toBe('permerror')
    },
  )

  test.each(['c', 'r', 't', 'C', 'R', 'T'])('%%{%s} is for explanations alone', async (letter) => {
    const { result } = await checkHost(
      STRONG,
      dnsOf({ 'email.example.com': [`v=spf1 exists:%{${letter}}.example.com +all`] }),
    )
    expect(result).toBe('permerror')
  })
})

describe('%{p} (RFC 7208 §7.3)', () => {
  const reverse = '3.2.0.192.in-addr.arpa'
  const there = ['A 192.0.2.3']
  test.each<[string, Zones, string]>([
    [
      'the domain itself',
      { [reverse]: ['PTR b.example.org', 'PTR a.email.example.com', 'PTR email.example.com'] },
      'email.example.com',
    ],
    ['a name below it', { [reverse]: ['PTR b.example.org', 'PTR a.email.example.com'] }, 'a.email.example.com'],
    ['any', { [reverse]: ['PTR b.example.org'] }, 'b.example.org'],
    ['unknown where its address is another', { [reverse]: ['PTR c.example.org'] }, 'unknown'],
    ['unknown where the PTR fails', { [reverse]: ['failure'] }, 'unknown'],
    ['the next where one fails', { [reverse]: ['PTR broken.example.org', 'PTR b.example.org'] }, 'b.example.org'],
  ])('%s', async (_, zones, value) => {
    const held: Zones = {
      'email.example.com': ['v=spf1 -all exp=exp.example.org', ...there],
      'a.email.example.com': there,
      'b.example.org': there,
      'c.example.org': ['A 192.0.2.99'],
      'broken.example.org': ['failure'],
    }
    expect(await expanded('%{p}', STRONG, { ...held, ...zones })).toBe(value)
  })

  test('is asked for once, and costs no look-up of its own', async () => {
    const dns = dnsOf({
      'email.example.com': ['v=spf1 exists:%{p}.a.example exists:%{p}.b.example -all'],
      [reverse]: ['PTR b.example.org'],
      'b.example.org': there,
    })
    expect(await checkHost(STRONG, dns)).toMatchObject({ lookups: 2, voids: 2 })
    expect(dns.asked.filter((one) => one.startsWith('PTR'))).toHaveLength(1)
  })
})

describe('names made of macros (RFC 7208 §4.8, §7.3)', () => {
  test.each([
    ['%{l}._spf.%{d}', 'strong-bad._spf.email.example.com'],
    ['%{ir}.%{v}._spf.%{d2}', '3.2.0.192.in-addr._spf.example.com'],
    ['%{lr-}.lp._spf.%{d2}', 'bad.strong.lp._spf.example.com'],
    ['%{lr-}.lp.%{ir}.%{v}._spf.%{d2}', 'bad.strong.lp.3.2.0.192.in-addr._spf.example.com'],
    ['%{d2}.trusted-domains.example.net', 'example.com.trusted-domains.example.net'],
    ['%{d}.', undefined],
    ['%{L}.EXAMPLE.org', 'strong-bad.example.org'],
    ['a%_b.%{d}', 'a\\032b.email.example.com'],
    ['a%-b%%.%{d}', 'a%20b%.email.example.com'],
    [
      `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(50)}.%{d}`,
      `${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(50)}.email.example.com`,
    ],
    ['%{l}..%{d}', undefined],
    [`${'a'.repeat(64)}.%{d}`, undefined],
  ])('exists:%s asks for %s', async (spec, name) => {
    expect(await askedFor(spec)).toBe(name)
  })

  test('any octet of a local-part can stand in a label', async () => {
    expect(await askedFor('%{l}.%{o}', { ...STRONG, mailFrom: 'jos\u00e9 "\\x@example.com' })).toBe(
      'jos\\195\\169\\032"\\\\x.example.com',
    )
  })

  test('%{d} is the domain of the record in which it stands, and the sender stays', async () => {
    const dns = dnsOf({
      'email.example.com': ['v=spf1 include:_spf.example.net -all'],
      '_spf.example.net': ['v=spf1 exists:%{d}.%{o}.list.example redirect=%{d2}'],
      'example.net': ['v=spf1 exists:%{d}.second.example -all'],
    })
    await checkHost(STRONG, dns)
    expect(dns.asked.filter((one) => one.startsWith('A '))).toEqual([
      'A _spf.example.net.email.example.com.list.example',
      'A example.net.second.example',
    ])
  })
})
