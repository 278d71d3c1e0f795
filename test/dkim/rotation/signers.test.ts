import { expect, test } from 'vitest'
import { compile } from '../../../records/compile.js'
import type { LedDomain } from '../../../records/families/dkim/led-domain.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import type { Name } from '../../../records/rr/name.js'
import { signersOf } from '../../../src/dkim/rotation/signers.js'
import { load } from '../../config/load.js'

const key = (domain: string, selector: string, state: RingKey['state'] = 'signing'): RingKey => ({
  domain: domain as Name,
  selector,
  algorithm: 'ed25519',
  state,
  times: { published: 1, [state]: 2 },
  holder: 'file',
  publicKey: selector,
})

const LED = { selectors: ['r1', 'r2'], visible: 1, signing: 2 }

async function signers(
  domains: string,
  keys: readonly RingKey[],
  led: Readonly<Record<string, LedDomain>> = {},
): Promise<Record<string, string[]>> {
  const { spec } = await load(`providers: { dns: { class: yaml } }
zones: { example.com: { targets: [dns] }, keys.example.net: { targets: [dns] } }
hosts: { mail.example.com: { addresses: [192.0.2.10] } }
domains: ${domains}
`)
  if (spec === undefined) throw new Error('there is no spec')
  const seen = { ...spec, led: new Map(Object.entries(led).map(([name, one]) => [name as Name, one])) }
  const compiled = compile(seen, keys, new Map([...spec.zones].map(([zone, { targets }]) => [zone, targets])))
  return Object.fromEntries(
    [...signersOf({ compiled, keys })].map(([name, own]) => [
      name,
      own.map(({ domain, selector, key: one }) => `d=${domain} s=${selector} key of ${one.domain}`),
    ]),
  )
}

test('a domain signs with its own keys that are signing, and one of a key zone with those that it shares', async () => {
  const keys = [
    key('a.example.com.', 's1'),
    key('a.example.com.', 's2', 'published'),
    key('keys.example.net.', 'r1'),
    key('keys.example.net.', 'r2', 'retiring'),
  ]
  const mx = 'mx: [mail.example.com]'
  expect(
    await signers(
      `{ a.example.com: { ${mx} }, b.example.com: { ${mx}, dkim: { zone: keys.example.net } }, c.example.com: { ${mx} }, d.example.com: { mail: none } }`,
      keys,
      { 'b.example.com.': LED },
    ),
  ).toEqual({
    'a.example.com.': ['d=a.example.com. s=s1 key of a.example.com.'],
    'b.example.com.': ['d=b.example.com. s=r1 key of keys.example.net.'],
    'c.example.com.': [],
  })
})

test('a domain that moves to a key zone signs with both until its own keys retire', async () => {
  const keys = [key('a.example.com.', 's1'), key('keys.example.net.', 'r1')]
  const moving = '{ a.example.com: { mx: [mail.example.com], dkim: { zone: keys.example.net } } }'
  expect(await signers(moving, keys, { 'a.example.com.': LED })).toEqual({
    'a.example.com.': ['d=a.example.com. s=s1 key of a.example.com.', 'd=a.example.com. s=r1 key of keys.example.net.'],
  })
})

test('a domain does not sign with the keys of a zone before its selectors were seen to lead there', async () => {
  const domains = '{ a.example.com: { mx: [mail.example.com], dkim: { zone: keys.example.net } } }'
  const keys = [key('keys.example.net.', 'r1'), key('keys.example.net.', 'r3')]
  expect(await signers(domains, keys)).toEqual({ 'a.example.com.': [] })
  expect(await signers(domains, keys, { 'a.example.com.': { selectors: ['r1'], visible: 1 } })).toEqual({
    'a.example.com.': [],
  })
  expect(await signers(domains, keys, { 'a.example.com.': LED })).toEqual({
    'a.example.com.': ['d=a.example.com. s=r1 key of keys.example.net.'],
  })
})
