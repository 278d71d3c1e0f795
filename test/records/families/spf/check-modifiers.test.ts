import { describe, expect, test } from 'vitest'
import { checkHost } from '../../../../records/families/spf/evaluate/check-host.js'
import { dnsOf, type Zones } from './zones.js'

const check = (record: string, zones: Zones = {}, ip = '192.0.2.1') =>
  checkHost(
    { ip, mailFrom: 'joe@example.com', helo: 'mail.example.net', receiver: 'mx.example.org', time: 1234 },
    dnsOf({ 'example.com': [record], ...zones }),
  )

describe('redirect (RFC 7208 §6.1)', () => {
  const zones = {
    'pass.example.net': ['v=spf1 ip4:192.0.2.1 -all'],
    'soft.example.net': ['v=spf1 ~all'],
    'own.example.net': ['v=spf1 exists:%{d}.list.example -all'],
    'own.example.net.list.example': ['A 127.0.0.2'],
    'none.example.net': ['some text'],
    'wrong.example.net': ['v=spf1 nonsense'],
    'broken.example.net': ['failure'],
    'chain.example.net': ['v=spf1 redirect=pass.example.net'],
  }
  test.each([
    ['redirect=pass.example.net', 'pass'],
    ['REDIRECT=pass.example.net', 'pass'],
    ['ip4:192.0.2.9 redirect=soft.example.net', 'softfail'],
    ['redirect=soft.example.net ip4:192.0.2.1', 'pass'],
    ['redirect=own.example.net', 'pass'],
    ['redirect=chain.example.net', 'pass'],
    ['?all redirect=pass.example.net', 'neutral'],
    ['redirect=%{d2}.nowhere.example', 'permerror'],
    ['redirect=none.example.net', 'permerror'],
    ['redirect=nothing.example.net', 'permerror'],
    ['redirect=wrong.example.net', 'permerror'],
    ['redirect=broken.example.net', 'temperror'],
    ['redirect=example.com', 'permerror'],
    ['redirect=%{h1}', 'permerror'],
    ['redirect=', 'permerror'],
    ['redirect=192.0.2.1', 'permerror'],
    ['redirect=pass.example.net/24', 'permerror'],
    ['redirect=pass.example.net redirect=soft.example.net', 'permerror'],
    ['redirect=pass.example.net redirect=pass.example.net -all', 'permerror'],
  ])('%s is %s', async (terms, result) => {
    expect((await check(`v=spf1 ${terms}`, zones)).result).toBe(result)
  })
})

describe('exp (RFC 7208 §6.2)', () => {
  const zones = {
    'why.example.com': ['%{i} is not one of %{d}’s senders'.replace('’', "'")],
    'other.example.net': ['v=spf1 -all exp=why2.example.net'],
    'why2.example.net': ['TXT see http://%{d}/why.html?s=%{S}&i=%{I}'],
    'silent.example.net': ['v=spf1 -all'],
    'two.example.com': ['one', 'two'],
    'broken.example.com': ['failure'],
    'wrong.example.com': ['100% sure'],
    'letters.example.com': ['%{z}'],
    'accent.example.com': ['désolé'],
    'all.example.com': ['%{s}|%{l}|%{o}|%{d}|%{i}|%{p}|%{v}|%{h}|%{c}|%{r}|%{t}|%%|%_|%-'],
    'long.example.com': ['x'.repeat(2000)],
    'joe.users.example.com': ['joe may not'],
    'empty.example.com': ['TXT '],
  }
  test.each([
    ['-all exp=why.example.com', "192.0.2.1 is not one of example.com's senders"],
    ['exp=why.example.com -all', "192.0.2.1 is not one of example.com's senders"],
    ['-ip4:192.0.2.1 exp=%{l}.users.%{d} -all', 'joe may not'],
    [
      '-all EXP=all.example.com',
      'joe@example.com|joe|example.com|example.com|192.0.2.1|unknown|in-addr|mail.example.net|192.0.2.1|mx.example.org|1234|%| |%20',
    ],
    // The explanation of the record that redirect leads to counts, and only that one.
    [
      'redirect=other.example.net exp=why.example.com',
      'see http://other.example.net/why.html?s=joe%40example.com&i=192.0.2.1',
    ],
    ['redirect=silent.example.net exp=why.example.com', undefined],
    // That of an included record never does.
    ['-include:open.example.net exp=why.example.com', undefined],
    ['include:other.example.net -all', undefined],
    ['include:other.example.net -all exp=why.example.com', "192.0.2.1 is not one of example.com's senders"],
    ['~all exp=why.example.com', undefined],
    ['+all exp=why.example.com', undefined],
    // Whatever is wrong with it, the result stays and nothing is said.
    ['-all exp=nothing.example.com', undefined],
    ['-all exp=two.example.com', undefined],
    ['-all exp=broken.example.com', undefined],
    ['-all exp=wrong.example.com', undefined],
    ['-all exp=letters.example.com', undefined],
    ['-all exp=accent.example.com', undefined],
    ['-all exp=%{h1}..example.com', undefined],
    ['-all exp=long.example.com', 'x'.repeat(400)],
    ['-all exp=empty.example.com', ''],
  ])('%s says %s', async (terms, explanation) => {
    expect((await check(`v=spf1 ${terms}`, zones)).explanation).toBe(explanation)
  })

  test.each([
    ['-all exp=', 'permerror'],
    ['-all exp=localhost', 'permerror'],
    ['-all exp=%{r}.example.com', 'permerror'],
    ['-all exp=why.example.com exp=why.example.com', 'permerror'],
    ['+all exp=why.example.com exp=why.example.com', 'permerror'],
    ['-all exp=broken.example.com', 'fail'],
  ])('%s is %s', async (terms, result) => {
    expect((await check(`v=spf1 ${terms}`, zones)).result).toBe(result)
  })

  test('costs no look-up', async () => {
    const { lookups, voids } = await check('v=spf1 -all exp=nothing.example.com', zones)
    expect({ lookups, voids }).toEqual({ lookups: 0, voids: 0 })
  })

  test('is not asked for where nobody hears it', async () => {
    const dns = dnsOf({ 'example.com': ['v=spf1 ~all exp=why.example.com'] })
    await checkHost({ ip: '192.0.2.1', mailFrom: 'joe@example.com' }, dns)
    expect(dns.asked).toEqual(['TXT example.com'])
  })
})
