import { describe, expect, it } from 'vitest'
import { discoverPolicy, organizationalDomain, walk } from '../../../records/families/dmarc/tree-walk.js'
import type { Name } from '../../../records/rr/name.js'

const named = (texts: Record<string, readonly string[]>) => {
  const asked: string[] = []
  const ask = async (name: Name): Promise<readonly string[]> => {
    asked.push(name)
    return texts[name] ?? []
  }
  return { ask, asked }
}

const organization = (domain: string, texts: Record<string, readonly string[]>) =>
  organizationalDomain(domain as Name, named(texts).ask)

const discover = (domain: string, texts: Record<string, readonly string[]>) =>
  discoverPolicy(domain as Name, named(texts).ask)

describe('the policy that receivers find (RFC 9989 §4.10.1)', () => {
  it('is that of the domain itself; nobody else is asked then', async () => {
    const dns = named({
      '_dmarc.news.example.com.': ['v=DMARC1; p=none'],
      '_dmarc.example.com.': ['v=DMARC1; p=reject'],
    })
    const found = await discoverPolicy('news.example.com.' as Name, dns.ask)
    expect(found).toMatchObject({ of: 'news.example.com.', policy: 'none' })
    expect(dns.asked).toEqual(['_dmarc.news.example.com.'])
  })

  it('is what the organizational domain says of its subdomains', async () => {
    const found = await discover('a.b.example.com.', { '_dmarc.example.com.': ['v=DMARC1; p=none; sp=quarantine'] })
    expect(found).toMatchObject({ of: 'example.com.', policy: 'quarantine' })
  })

  it('is that of the highest name that has one, where none says where the organization ends', async () => {
    const found = await discover('a.b.example.com.', {
      '_dmarc.b.example.com.': ['v=DMARC1; p=none'],
      '_dmarc.example.com.': ['v=DMARC1; p=reject'],
    })
    expect(found).toMatchObject({ of: 'example.com.', policy: 'reject' })
  })

  it('psd=n ends the walk: the name is an organization of its own', async () => {
    const dns = named({
      '_dmarc.b.example.com.': ['v=DMARC1; p=quarantine; psd=n'],
      '_dmarc.example.com.': ['v=DMARC1; p=reject'],
    })
    const found = await discoverPolicy('a.b.example.com.' as Name, dns.ask)
    expect(found).toMatchObject({ of: 'b.example.com.', policy: 'quarantine' })
    expect(dns.asked).not.toContain('_dmarc.example.com.')
  })

  it('a public suffix says it for organizations below it that say nothing', async () => {
    const found = await discover('mail.giant.bank.example.', { '_dmarc.bank.example.': ['v=DMARC1; p=reject; psd=y'] })
    expect(found).toMatchObject({ of: 'bank.example.', policy: 'reject' })
  })

  it('two policies at one name are as good as none', async () => {
    expect(
      await discover('example.com.', { '_dmarc.example.com.': ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] }),
    ).toBeUndefined()
  })

  it('is unknown where a name on the way cannot be asked', async () => {
    const ask = async (name: Name) => (name === '_dmarc.example.com.' ? { failure: 'SERVFAIL' } : [])
    expect(await discoverPolicy('a.example.com.' as Name, ask)).toEqual({ failure: 'SERVFAIL' })
  })

  it('asks for at most eight names, the last seven labels after the name itself', () => {
    expect(walk('a.b.c.d.e.f.g.h.i.j.mail.example.com.' as Name)).toEqual([
      'a.b.c.d.e.f.g.h.i.j.mail.example.com.',
      'g.h.i.j.mail.example.com.',
      'h.i.j.mail.example.com.',
      'i.j.mail.example.com.',
      'j.mail.example.com.',
      'mail.example.com.',
      'example.com.',
      'com.',
    ])
  })
})

describe('the organizational domain (RFC 9989 §4.10.2)', () => {
  it.each([
    [
      'the highest name with a policy',
      { '_dmarc.b.example.com.': 'p=none', '_dmarc.example.com.': 'p=none' },
      'example.com.',
    ],
    [
      'the name with psd=n',
      { '_dmarc.b.example.com.': 'p=none; psd=n', '_dmarc.example.com.': 'p=none' },
      'b.example.com.',
    ],
    ['the name below a public suffix', { '_dmarc.com.': 'p=none; psd=y' }, 'example.com.'],
    ['the name itself, where there is no policy', {}, 'a.b.example.com.'],
  ])('is %s', async (_, texts, name) => {
    const records = Object.fromEntries(Object.entries(texts).map(([at, text]) => [at, [`v=DMARC1; ${text}`]]))
    expect(await organization('a.b.example.com.', records)).toEqual({ name })
  })
})
