import { describe, expect, test } from 'vitest'
import { checkHost } from '../../../../records/families/spf/evaluate/check-host.js'
import type { SpfSender } from '../../../../records/families/spf/evaluate/sender.js'
import { dnsOf, type Zones } from './zones.js'

const IP = '192.0.2.1'
const from = (domain: string): SpfSender => ({ ip: IP, mailFrom: `joe@${domain}`, helo: 'mail.example.net' })
const LONG = 'a'.repeat(64)
const LONGEST = 'a'.repeat(63)

const check = (sender: SpfSender, zones: Zones) => checkHost(sender, dnsOf(zones))
const resultOf = async (sender: SpfSender, zones: Zones) => (await check(sender, zones)).result

describe('whose record is asked for (RFC 7208 §2.3, §2.4, §4.1, §4.3)', () => {
  const zones = {
    'example.com': ['v=spf1 -all'],
    'mail.example.net': ['v=spf1 +all'],
    [`${LONGEST}.example.com`]: ['v=spf1 -all'],
    'xn--bcher-kva.example': ['v=spf1 -all'],
    'only.example': ['v=spf1 exists:%{l}.%{o}.list.example -all'],
    'postmaster.only.example.list.example': ['A 127.0.0.2'],
    'postmaster.mail2.example.net.list.example': ['A 127.0.0.2'],
    'mail2.example.net': ['v=spf1 exists:%{l}.%{o}.list.example -all'],
    'a.b.c.example': ['v=spf1 -all'],
  }
  test.each<[string, SpfSender, string]>([
    ['the domain of the reverse-path', from('example.com'), 'fail'],
    ['in any case of letters', from('EXAMPLE.Com'), 'fail'],
    ['with a final dot', from('example.com.'), 'fail'],
    ['the HELO name where the reverse-path is empty', { ip: IP, mailFrom: '', helo: 'mail.example.net' }, 'pass'],
    ['the HELO name where there is no reverse-path', { ip: IP, helo: 'mail.example.net' }, 'pass'],
    ['the HELO name, asked for itself', { ...from('example.com'), domain: 'mail.example.net' }, 'pass'],
    ['postmaster where the reverse-path has no local-part', { ip: IP, mailFrom: '@only.example' }, 'pass'],
    ['postmaster where it is a domain alone', { ip: IP, mailFrom: 'only.example' }, 'pass'],
    ['postmaster at the HELO name', { ip: IP, helo: 'mail2.example.net' }, 'pass'],
    ['an at sign in the local-part', { ip: IP, mailFrom: '"a@b"@example.com' }, 'fail'],
    ['a label of 63 octets', from(`${LONGEST}.example.com`), 'fail'],
    ['a label of 64 octets', from(`${LONG}.example.com`), 'none'],
    ['an empty label', from('a..example.com'), 'none'],
    ['a dot before it', from('.example.com'), 'none'],
    ['a single label', from('localhost'), 'none'],
    ['an address literal', from('[192.0.2.1]'), 'none'],
    ['a HELO that is an address literal', { ip: IP, helo: '[192.0.2.1]' }, 'none'],
    ['a HELO that is a single label', { ip: IP, helo: 'localhost' }, 'none'],
    ['nothing at all', { ip: IP }, 'none'],
    ['a name in A-labels', from('xn--bcher-kva.example'), 'fail'],
    ['a name longer than names can be', from(`${`${LONGEST}.`.repeat(4)}example.com`), 'none'],
    ['a name that does not exist', from('nothing.example'), 'none'],
    ['a name with nothing but names below', from('b.c.example'), 'none'],
  ])('%s: %o is %s', async (_, sender, result) => {
    expect(await resultOf(sender, zones)).toBe(result)
  })

  test('a client that has no address is a mistake of the caller', async () => {
    await expect(check({ ip: 'mail.example.com', mailFrom: 'a@example.com' }, zones)).rejects.toThrow(RangeError)
  })

  test('nothing is asked where the domain is no name', async () => {
    const dns = dnsOf(zones)
    await checkHost(from('localhost'), dns)
    expect(dns.asked).toEqual([])
  })
})

describe('which record it is (RFC 7208 §3, §4.4, §4.5)', () => {
  test.each<[string, readonly string[], string]>([
    ['one among others', ['google-site-verification=abc', 'v=spf1 -all', 'v=spf2.0/mfrom +all'], 'fail'],
    ['none among others', ['google-site-verification=abc'], 'none'],
    ['no text at all', ['A 192.0.2.1'], 'none'],
    ['the version alone', ['v=spf1'], 'neutral'],
    ['the version in capitals', ['V=SPF1 -all'], 'fail'],
    ['another version', ['v=spf10 -all'], 'none'],
    ['the version and a tab', ['v=spf1\t-all'], 'none'],
    ['the version without its space', ['v=spf1-all'], 'none'],
    ['a space before the version', [' v=spf1 -all'], 'none'],
    ['quotes about it', ['"v=spf1 -all"'], 'none'],
    ['two of them', ['v=spf1 -all', 'v=spf1 +all'], 'permerror'],
    ['the same twice', ['v=spf1 -all', 'v=spf1 -all'], 'permerror'],
    ['two of them, one wrong', ['v=spf1 -all', 'v=spf1 nonsense'], 'permerror'],
    ['two, one of another version', ['v=spf1 -all', 'v=spf10 +all'], 'fail'],
    ['other text that is not ASCII', ['v=spf1 -all', 'déjà vu'], 'fail'],
    ['a server that fails', ['failure'], 'temperror'],
    ['a server that fails at TXT', ['failure TXT', 'A 192.0.2.1'], 'temperror'],
    ['another name, by CNAME', ['CNAME other.example'], 'fail'],
  ])('%s: %s is %s', async (_, values, result) => {
    expect(await resultOf(from('example.com'), { 'example.com': values, 'other.example': ['v=spf1 -all'] })).toBe(
      result,
    )
  })

  test('says why there is no result', async () => {
    const why = async (values: readonly string[]) =>
      (await check(from('example.com'), { 'example.com': values })).tree.why
    expect(await why(['failure'])).toBe('TXT of example.com could not be looked up: SERVFAIL (RFC 7208 §2.6.6)')
    expect(await why(['v=spf1 -all', 'v=spf1 +all'])).toBe('example.com has 2 SPF records (RFC 7208 §4.5)')
    expect(await why(['hello'])).toBe('example.com has no SPF record (RFC 7208 §4.5)')
    expect(await why(['v=spf1 +all ipv4:192.0.2.1'])).toBe(
      '"ipv4:192.0.2.1": RFC 7208 knows no such term (RFC 7208 §4.6.1)',
    )
  })
})

describe('how its terms are read (RFC 7208 §4.6, §12)', () => {
  test.each([
    ['v=spf1  -all', 'fail'],
    ['v=spf1 -all   ', 'fail'],
    ['v=spf1 -ALL', 'fail'],
    ['v=spf1 IP4:192.0.2.1 -all', 'pass'],
    ['v=spf1 ?ip4:192.0.2.1 -all', 'neutral'],
    ['v=spf1 ~ip4:192.0.2.1 -all', 'softfail'],
    ['v=spf1 -ip4:192.0.2.1 +all', 'fail'],
    ['v=spf1 +ip4:192.0.2.1 -all', 'pass'],
    ['v=spf1 ip4:192.0.2.9', 'neutral'],
    ['v=spf1 ~all', 'softfail'],
    ['v=spf1 ?all', 'neutral'],
    ['v=spf1 all', 'pass'],
    ['v=spf1 -all ip4:192.0.2.1', 'fail'],
    ['v=spf1 -all redirect=other.example', 'fail'],
    ['v=spf1 redirect=other.example -all', 'fail'],
    ['v=spf1 moo=%{d} -all', 'fail'],
    ['v=spf1 moo.cow-far_out=man:dog/cat -all', 'fail'],
    ['v=spf1 moo= -all', 'fail'],
    ['v=spf1 default=pass', 'neutral'],
    // Anything wrong, wherever it stands, is a permerror before anything is evaluated.
    ['v=spf1 +all nonsense', 'permerror'],
    ['v=spf1 ip4:192.0.2.1 -all moo', 'permerror'],
    ['v=spf1 +all ip4:192.0.2', 'permerror'],
    ['v=spf1 ip4:192.0.2.1 -all a:', 'permerror'],
    ['v=spf1 all:example.com', 'permerror'],
    ['v=spf1 all/8', 'permerror'],
    ['v=spf1 -all.', 'permerror'],
    ['v=spf1 !all', 'permerror'],
    ['v=spf1 +-all', 'permerror'],
    ['v=spf1 - all', 'permerror'],
    ['v=spf1 -all,', 'permerror'],
    ['v=spf1\u00a0-all', 'none'],
    ['v=spf1 ip4:192.0.2.1\t-all', 'permerror'],
    ['v=spf1 ip4:192.0.2.1\u0001 -all', 'permerror'],
    ['v=spf1 a:exämple.com -all', 'permerror'],
    ['v=spf1 a:example\u201dhi\u201d.com -all', 'permerror'],
    ['v=spf1 =moo -all', 'permerror'],
    ['v=spf1 1moo=cow -all', 'permerror'],
    ['v=spf1 moo=%(d) -all', 'permerror'],
    ['v=spf1 moo=100%', 'permerror'],
    ['v=spf1 m/oo=cow -all', 'permerror'],
    ['v=spf1 redirect:other.example', 'permerror'],
    ['v=spf1 include=other.example -all', 'fail'],
  ])('%j is %s', async (record, result) => {
    expect(await resultOf(from('example.com'), { 'example.com': [record] })).toBe(result)
  })
})
