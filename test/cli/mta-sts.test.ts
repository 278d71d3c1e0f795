import { readdir } from 'node:fs/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { type Workspace, workspace } from './workspace.js'

let space: Workspace
afterEach(() => space.remove())

const SPEC = `providers: { files: { class: yaml, directory: zones } }
zones: { example.com: { targets: [files] } }
hosts:
  mail.example.com: { addresses: [192.0.2.10], reverse: false, helo_spf: false }
  web.example.com: { addresses: [192.0.2.20, '2001:db8::20'], reverse: false, helo_spf: false }
domains:
  example.com:
    mx: [mail.example.com]
    spf: false
    dkim: false
    dmarc: { policy: reject, rua: [d@example.com] }
    mta_sts: { mode: enforce, host: web.example.com }
    tls_rpt: { rua: ['tls!x@example.com', 'https://r.example.net/a,b'] }
    bimi: { location: 'https://example.com/logo.svg', authority: 'https://example.com/vmc.pem' }
`
const ZONE = `'':
  type: TXT
  value: site-verification=1
www:
  type: A
  value: 192.0.2.99
`

/** The changes of a plan as `+ name TYPE value`, those of one purpose each. */
async function changes(...args: string[]): Promise<string[]> {
  const { code, stdout } = await space.run(['plan', '--format', 'json', ...args])
  expect(code).toBe(0)
  const { zones } = JSON.parse(stdout)
  return zones.flatMap(({ changes }: { changes: PlannedChange[] }) =>
    changes.flatMap(({ after, before, edits }) =>
      edits
        .filter(({ purpose }) => ['mtasts', 'mtastshost', 'tlsrpt', 'bimi'].includes(purpose))
        .map((edit) => {
          const sign = edit.before.length === 0 ? '+' : edit.after.length === 0 ? '-' : '~'
          const { name, type } = after ?? before
          return `${sign} ${name} ${type} ${(edit.after.length > 0 ? edit.after : edit.before).join(' ')}`
        }),
    ),
  )
}

interface PlannedChange {
  readonly before: { name: string; type: string }
  readonly after?: { name: string; type: string }
  readonly edits: { purpose: string; before: string[]; after: string[] }[]
}

const ID = /id=([a-z0-9]{20});/

describe('MTA-STS, TLS reports and BIMI', () => {
  test('are written, and then as wanted; strangers stay', async () => {
    space = await workspace({ 'mailsync.yaml': SPEC, 'zones/example.com.yaml': ZONE })
    expect(await changes()).toEqual([
      '+ default._bimi.example.com. TXT v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/vmc.pem;',
      expect.stringMatching(/^\+ _mta-sts\.example\.com\. TXT v=STSv1; id=[0-9a-f]{20};$/),
      '+ _smtp._tls.example.com. TXT v=TLSRPTv1; rua=mailto:tls%21x@example.com,https://r.example.net/a%2Cb;',
      '+ mta-sts.example.com. A 192.0.2.20',
      '+ mta-sts.example.com. AAAA 2001:db8::20',
    ])
    expect((await space.run(['apply', '--yes'])).code).toBe(0)
    expect((await space.run(['plan', '--detailed-exitcode'])).code).toBe(0)
    expect(await space.read('zones/example.com.yaml')).toContain('192.0.2.99')
    await space.write('mailsync.yaml', SPEC.replace(/ {4}(mta_sts|tls_rpt|bimi):.*\n/g, ''))
    expect((await space.run(['apply', '--yes', '--force'])).code).toBe(0)
    const zone = await space.read('zones/example.com.yaml')
    for (const gone of ['STSv1', 'TLSRPT', 'BIMI1', 'mta-sts']) expect(zone).not.toContain(gone)
    expect(zone).toContain('site-verification=1')
  })

  test('the plan says that the policy comes first, once for all domains, and what follows where it ends', async () => {
    space = await workspace({ 'mailsync.yaml': SPEC })
    const { stdout } = await space.run(['plan'])
    expect(stdout).toContain(
      'the MTA-STS policy of example.com is new or another with this plan: put its file in place before you apply',
    )
    const { stdout: markdown } = await space.run(['plan', '--format', 'markdown'])
    expect(markdown).toContain('`example.com` now has an MTA-STS policy, which must be in place before this')
    await space.run(['apply', '--yes'])
    await space.write('mailsync.yaml', SPEC.replace('mode: enforce', 'mode: testing'))
    expect((await space.run(['plan'])).stdout).toContain('[mta-sts-file-first]')
    await space.write('mailsync.yaml', SPEC.replace(/ {4}mta_sts:.*\n/, ''))
    expect((await space.run(['plan'])).stdout).toContain(
      'example.com no longer says that it has an MTA-STS policy, and senders go on with what they have of it',
    )
  })

  test('another MX is another policy, another preference or host is not', async () => {
    space = await workspace({ 'mailsync.yaml': SPEC })
    const idOf = async (spec: string) => {
      await space.write('mailsync.yaml', spec)
      return ID.exec((await changes()).join('\n'))?.[1]
    }
    const id = await idOf(SPEC)
    expect(await idOf(SPEC.replace('[mail.example.com]', '[{ host: mail.example.com, preference: 5 }]'))).toBe(id)
    expect(await idOf(SPEC.replace('host: web.example.com', 'host: web.example.org'))).toBe(id)
    expect(await idOf(SPEC.replace('[mail.example.com]', '[mail.example.com, mx.example.net]'))).not.toBe(id)
    expect(await idOf(SPEC.replace('enforce', 'testing'))).not.toBe(id)
    expect(await idOf(SPEC.replace('mode: enforce', 'mode: enforce, max_age: 1000000'))).not.toBe(id)
  })

  test('the policy host is a CNAME of a host elsewhere; of one here where that is asked for; else nobody’s', async () => {
    space = await workspace({ 'mailsync.yaml': SPEC })
    const hostOf = async (host: string) => {
      await space.write('mailsync.yaml', SPEC.replace(', host: web.example.com', host))
      return (await changes()).filter((line) => line.startsWith('+ mta-sts.'))
    }
    expect(await hostOf(', host: web.example.org')).toEqual(['+ mta-sts.example.com. CNAME web.example.org.'])
    expect(await hostOf(', host: { cname: web.example.com }')).toEqual([
      '+ mta-sts.example.com. CNAME web.example.com.',
    ])
    expect(await hostOf('')).toEqual([])
  })

  test('an id of somebody else’s policy is kept as it is written', async () => {
    space = await workspace({ 'mailsync.yaml': SPEC.replace('mode: enforce, host: web.example.com', 'id: 0012') })
    expect(await changes()).toContainEqual('+ _mta-sts.example.com. TXT v=STSv1; id=0012;')
    await space.run(['compile', '--out', space.path('out')])
    expect(await readdir(space.path('out'))).toEqual(['example.com.zone'])
  })

  test('a parked domain may take its policy back, and only that', async () => {
    const parked = (mode: string) =>
      `${SPEC.slice(0, SPEC.indexOf('  example.com:\n'))}  example.com: { mail: none, mta_sts: { mode: ${mode}, max_age: 86400 } }\n`
    space = await workspace({ 'mailsync.yaml': parked('none') })
    expect(await changes()).toEqual([expect.stringContaining('+ _mta-sts.example.com. TXT v=STSv1; id=')])
    await space.write('mailsync.yaml', parked('enforce'))
    const { code, stderr } = await space.run(['plan'])
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('would allow no MX: it is parked'),
    })
  })

  test('a domain that --domain chooses brings its policy host', async () => {
    space = await workspace({
      'mailsync.yaml': `defaults: { mta_sts: { host: web.example.org } }\n${SPEC.replace(/ {4}mta_sts:.*\n/, '')}`,
    })
    expect(await changes('--domain', 'example.com')).toContainEqual('+ mta-sts.example.com. CNAME web.example.org.')
  })
})

describe('compile', () => {
  test('writes the policy and what serves it beside the zone files, says where, and has it in JSON', async () => {
    space = await workspace({ 'mailsync.yaml': SPEC })
    const out = space.path('out')
    const { stderr } = await space.run(['compile', '--out', out])
    expect(stderr).toContain(
      `1 MTA-STS policy, and how to serve them with nginx, Caddy or a Cloudflare Worker: ${out}/mta-sts\n`,
    )
    const policy = await space.read('out/mta-sts/mta-sts.example.com/.well-known/mta-sts.txt')
    expect(policy).toBe('version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 604800\r\n')
    expect((await readdir(`${out}/mta-sts`)).sort()).toEqual([
      'Caddyfile',
      'mta-sts.example.com',
      'nginx.conf',
      'worker.js',
    ])
    const { stdout } = await space.run(['compile', '--format', 'json'])
    const [found] = JSON.parse(stdout).policies
    expect(found).toEqual({ domain: 'example.com', host: 'mta-sts.example.com', id: expect.any(String), text: policy })
    expect(await space.read('out/example.com.zone')).toContain(`"v=STSv1; id=${found.id};"`)
  })

  test('--zone chooses the policies too', async () => {
    const second = '  example.org: { mx: [mail.example.com], mta_sts: {}, dkim: false }\n'
    space = await workspace({
      'mailsync.yaml': SPEC.replace('zones: {', 'zones: { example.org: { targets: [files] },') + second,
    })
    const { stdout } = await space.run(['compile', '--format', 'json', '--zone', 'example.org'])
    expect(JSON.parse(stdout).policies.map(({ host }: { host: string }) => host)).toEqual(['mta-sts.example.org'])
  })
})
