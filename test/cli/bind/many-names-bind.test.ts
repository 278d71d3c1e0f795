import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { manifestRRsets } from '../../../records/manifest.js'
import type { Name } from '../../../records/rr/name.js'
import type { RRsetOf } from '../../../records/rr/rrset.js'
import { joinedTxt } from '../../../records/rr/txt.js'
import { zoneWith } from '../../../records/rr/zone.js'
import { connectTo } from '../../providers/rfc2136/connect-to.js'
import type { DnsServer } from '../../servers/dns-server.js'
import { onBind } from '../../servers/on-bind.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { type Workspace, workspace } from '../workspace.js'

const COUNT = 1000
const ZONE = 'example.com.' as Name

function spec({ host, port, key }: DnsServer, count: number, policy = 'none'): string {
  const domains = Array.from({ length: count }, (_, index) => {
    const dmarc = index === 7 ? `, dmarc: { policy: ${policy} }` : ''
    return `  customer-${index}.example.com: { mx: [mail.example.com]${dmarc} }`
  })
  return `
providers:
  dns: ${rfc2136Options({ host, port, key })}
zones:
  example.com.: { targets: [dns] }
hosts:
  mail.example.com: { addresses: [192.0.2.10], reverse: false }
defaults: { dkim: false, dmarc: { policy: none } }
domains:
${domains.join('\n')}
`
}

/** The manifest as mailsync wrote it before it was spread over names: every value at `_mailsync`. */
function inOnePlace(values: readonly string[]): RRsetOf<'TXT'> {
  const fields = new Map<string, string[]>()
  for (const field of values.flatMap((value) => value.split('; ').slice(2))) {
    const [what = '', names = ''] = field.split('=')
    fields.set(what, [...(fields.get(what) ?? []), ...names.split(',')])
  }
  const rdata = [...fields].flatMap(([what, names]) => {
    const texts: string[] = []
    for (let at = 0; at < names.length; at += 60)
      texts.push(`v=mailsync1; owner=default; ${what}=${names.slice(at, at + 60).join(',')}`)
    return texts
  })
  return { type: 'TXT', name: `_mailsync.${ZONE}` as Name, ttl: 3600, rdata }
}

onBind(`a zone with ${COUNT} mail domains on BIND 9`, (server) => {
  let space: Workspace
  beforeAll(async () => {
    space = await workspace({})
  })
  afterAll(async () => {
    await space.remove()
  })
  beforeEach(() => server.addZone(ZONE))

  const run = (...args: string[]) => space.run(args, { env: { TSIG_SECRET: server.key.secret } })
  const apply = async (count: number, policy?: string) => {
    await space.write('mailsync.yaml', spec(server, count, policy))
    const applied = await run('apply', '--yes')
    expect(applied.stderr).toBe('')
    expect(applied.code).toBe(0)
    expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  }
  const manifests = async () =>
    manifestRRsets(zoneWith(ZONE, await (await connectTo(server)).read(ZONE, new AbortController().signal)))

  test('is applied, changed, and applied again with a domain less; an old manifest in one place is spread on the way', async () => {
    await apply(COUNT)
    const spread = await manifests()
    expect(spread.length).toBeGreaterThan(1)
    await apply(COUNT, 'quarantine')

    const old = inOnePlace(spread.flatMap(({ rdata }) => rdata.map(joinedTxt)))
    for (const { name } of spread) await server.nsupdate(`update delete ${name} TXT`)
    await server.edit([old])
    expect(await manifests()).toHaveLength(1)
    await apply(COUNT - 1, 'quarantine')
    expect((await manifests()).length).toBeGreaterThan(1)
    expect(await server.dig('+short', `customer-${COUNT - 1}.example.com.`, 'MX')).toBe('')
    await apply(COUNT - 2, 'quarantine')
    expect(await server.dig('+short', `customer-${COUNT - 2}.example.com.`, 'MX')).toBe('')
  })
})
