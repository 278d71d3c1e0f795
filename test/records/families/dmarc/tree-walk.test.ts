import { expect, test } from 'vitest'
import { areAligned, askedPolicy, walkTree } from '../../../../records/families/dmarc/tree-walk.js'
import type { Name } from '../../../../records/rr/name.js'
import { dnsOf, type Zones } from '../spf/zones.js'

async function walk(domain: string, zones: Zones) {
  const dns = dnsOf(zones)
  return { ...(await walkTree(`${domain}.` as Name, dns)), asked: dns.asked }
}

test('the policy of the domain itself is the one that applies, and those above tell its organizational domain', async () => {
  const found = await walk('mail.example.com', {
    '_dmarc.mail.example.com': ['v=DMARC1; p=none'],
    '_dmarc.example.com': ['v=DMARC1; p=reject'],
  })
  expect(found.policy?.domain).toBe('mail.example.com.')
  expect(found.organizational).toBe('example.com.')
  expect(found.asked).toEqual(['TXT _dmarc.mail.example.com', 'TXT _dmarc.example.com', 'TXT _dmarc.com'])
})

test('without one of its own, a domain has that of its organizational domain: sp, or np where it is not in DNS', async () => {
  const { policy } = await walk('a.b.example.com', {
    '_dmarc.example.com': ['v=DMARC1; p=reject; sp=quarantine; np=none'],
  })
  if (!policy) throw new Error('there is a policy')
  expect(policy.domain).toBe('example.com.')
  expect(askedPolicy(policy, 'a.b.example.com.' as Name)).toBe('quarantine')
  expect(askedPolicy(policy, 'a.b.example.com.' as Name, false)).toBe('none')
  expect(askedPolicy(policy, 'example.com.' as Name)).toBe('reject')
})

test('t=y: one level weaker', async () => {
  const { policy } = await walk('example.com', { '_dmarc.example.com': ['v=DMARC1; p=reject; t=y'] })
  expect(policy && askedPolicy(policy, 'example.com.' as Name)).toBe('quarantine')
})

test('psd=n ends the walk, and says which domain is the organizational one', async () => {
  const found = await walk('a.dept.example.edu', {
    '_dmarc.dept.example.edu': ['v=DMARC1; p=none; psd=n'],
    '_dmarc.example.edu': ['v=DMARC1; p=reject'],
  })
  expect(found.organizational).toBe('dept.example.edu.')
  expect(found.asked).toEqual(['TXT _dmarc.a.dept.example.edu', 'TXT _dmarc.dept.example.edu'])
})

test('psd=y: the organizational domain is a label below, and has the policy of the suffix where it has none', async () => {
  const zones = { '_dmarc.bank': ['v=DMARC1; p=reject; sp=quarantine; psd=y'] }
  const found = await walk('mail.example.bank', zones)
  expect(found.organizational).toBe('example.bank.')
  expect(found.policy?.domain).toBe('bank.')
  const own = await walk('mail.example.bank', { ...zones, '_dmarc.example.bank': ['v=DMARC1; p=none'] })
  expect(own.policy?.domain).toBe('example.bank.')
})

test('psd=y at the domain itself does not end the walk', async () => {
  const found = await walk('co.uk', { '_dmarc.co.uk': ['v=DMARC1; p=none; psd=y'] })
  expect(found).toMatchObject({ policy: { domain: 'co.uk.' }, organizational: 'co.uk.' })
})

test('a name with many labels takes eight questions: after the first the seven labels nearest the root', async () => {
  const { asked } = await walk('a.b.c.d.e.f.g.h.i.example.com', {})
  expect(asked).toEqual([
    'TXT _dmarc.a.b.c.d.e.f.g.h.i.example.com',
    'TXT _dmarc.e.f.g.h.i.example.com',
    'TXT _dmarc.f.g.h.i.example.com',
    'TXT _dmarc.g.h.i.example.com',
    'TXT _dmarc.h.i.example.com',
    'TXT _dmarc.i.example.com',
    'TXT _dmarc.example.com',
    'TXT _dmarc.com',
  ])
  expect(asked).toHaveLength(8)
})

test('two policies at a name count as none, and the walk goes on', async () => {
  const found = await walk('mail.example.com', {
    '_dmarc.mail.example.com': ['v=DMARC1; p=none', 'v=DMARC1; p=reject'],
    '_dmarc.example.com': ['v=DMARC1; p=quarantine', 'some other text'],
  })
  expect(found.policy?.domain).toBe('example.com.')
  expect(found.steps[0]?.values).toHaveLength(2)
})

test('an answer that does not come: it is not known which policy applies', async () => {
  const found = await walk('mail.example.com', { '_dmarc.example.com': ['failure'] })
  expect(found).toMatchObject({ failure: 'SERVFAIL' })
  expect(found.policy).toBeUndefined()
})

test('alignment: relaxed wants the same organizational domain, strict the same domain', () => {
  const of = (...names: string[]) => names.map((name) => `${name}.` as Name) as [Name, Name]
  const from = of('example.com', 'example.com')
  expect(areAligned(from, of('mail.example.com', 'example.com'), 'relaxed')).toBe(true)
  expect(areAligned(from, of('mail.example.com', 'example.com'), 'strict')).toBe(false)
  expect(areAligned(from, of('example.com', 'example.com'), 'strict')).toBe(true)
  expect(areAligned(from, of('example.net', 'example.net'), 'relaxed')).toBe(false)
})
