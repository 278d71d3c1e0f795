import { describe, expect, it } from 'vitest'
import type { SpfQueryType } from '../../records/families/spf/evaluate/dns.js'
import type { Name } from '../../records/rr/name.js'
import { keyOf, type RRset } from '../../records/rr/rrset.js'
import { changedDns } from '../../src/prove/changed-dns.js'
import type { ResolvedDns } from '../../src/spf/resolved-dns.js'

const name = (text: string): Name => text as Name
const txt = (owner: string, value: string): RRset => ({ type: 'TXT', name: name(owner), ttl: 300, rdata: [value] })
const cname = (owner: string, target: string): RRset => ({
  type: 'CNAME',
  name: name(owner),
  ttl: 300,
  rdata: [name(target)],
})

/** Served: one TXT, and an alias that leads to it. */
const served = (async (asked: Name, type: SpfQueryType) => {
  if (type === 'TXT' && asked === 'real.example.com.') return { kind: 'answer', records: ['served'], aliases: [] }
  if (type === 'TXT' && asked === 'alias.example.com.')
    return { kind: 'answer', records: ['served'], aliases: [name('real.example.com.')] }
  return { kind: 'nxdomain', aliases: [] }
}) as ResolvedDns

const replacing = (rrsets: readonly RRset[], gone: readonly RRset[] = []) => {
  const asked: string[] = []
  const replaced = new Map<string, RRset | undefined>([
    ...gone.map((rrset) => [keyOf(rrset), undefined] as const),
    ...rrsets.map((rrset) => [keyOf(rrset), rrset] as const),
  ])
  return { dns: changedDns(served, replaced, { onAsk: (key) => void asked.push(key) }), asked }
}

describe('DNS with some RRsets replaced', () => {
  it('answers with what replaces, and else with what is served', async () => {
    const { dns } = replacing([txt('new.example.com.', 'new')])
    expect(await dns(name('new.example.com.'), 'TXT')).toEqual({ kind: 'answer', records: ['new'] })
    expect(await dns(name('real.example.com.'), 'TXT')).toEqual({ kind: 'answer', records: ['served'] })
    expect(await dns(name('none.example.com.'), 'TXT')).toEqual({ kind: 'nxdomain' })
  })

  it('has nothing where something goes', async () => {
    const { dns } = replacing([], [txt('real.example.com.', 'served')])
    expect(await dns(name('real.example.com.'), 'TXT')).toEqual({ kind: 'nodata' })
  })

  it('an alias that is served leads to what replaces', async () => {
    const { dns, asked } = replacing([txt('real.example.com.', 'new')])
    expect(await dns(name('alias.example.com.'), 'TXT')).toEqual({ kind: 'answer', records: ['new'] })
    expect(asked).toContain('real.example.com. TXT')
  })

  it('an alias that is new leads to what is served', async () => {
    const { dns } = replacing([cname('s1.example.com.', 'alias.example.com.')])
    expect(await dns(name('s1.example.com.'), 'TXT')).toEqual({ kind: 'answer', records: ['served'] })
  })

  it('an alias that goes leaves nothing, but for what takes its place', async () => {
    const alias = cname('alias.example.com.', 'real.example.com.')
    expect(await replacing([], [alias]).dns(name('alias.example.com.'), 'TXT')).toEqual({ kind: 'nodata' })
    const text = txt('alias.example.com.', 'own')
    expect(await replacing([text], [alias]).dns(name('alias.example.com.'), 'TXT')).toEqual({
      kind: 'answer',
      records: ['own'],
    })
  })

  it('aliases in a circle are no answer', async () => {
    const { dns } = replacing([cname('a.example.com.', 'b.example.com.'), cname('b.example.com.', 'a.example.com.')])
    expect(await dns(name('a.example.com.'), 'TXT')).toMatchObject({ kind: 'failure' })
  })

  it('a wildcard that is new answers for what does not exist, and for nothing else', async () => {
    const { dns, asked } = replacing([txt('*.example.com.', 'any')])
    expect(await dns(name('deep.none.example.com.'), 'TXT')).toEqual({ kind: 'answer', records: ['any'] })
    expect(asked).toContain('*.example.com. TXT')
    expect(await dns(name('real.example.com.'), 'TXT')).toEqual({ kind: 'answer', records: ['served'] })
    expect(await dns(name('none.example.net.'), 'TXT')).toEqual({ kind: 'nxdomain' })
  })
})
