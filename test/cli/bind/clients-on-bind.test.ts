import { createHash, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { DnsServer } from '../../servers/dns-server.js'
import { onBind } from '../../servers/on-bind.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { type Workspace, workspace } from '../workspace.js'

const ZONE = 'example.com.'
const CERTIFICATE = 'test/fixtures/certificates/ec.pem'
const NEXT = `3 1 1 ${'ab'.repeat(32)}`

function spec({ host, port, key }: DnsServer, caa: string, more = ''): string {
  return `
providers:
  dns: ${rfc2136Options({ host, port, key })}
zones: { example.com.: { targets: [dns] } }
hosts:
  mail.example.com:
    addresses: [192.0.2.10]
    reverse: false
    tlsa: { certificates: [tls/current.pem], records: [${NEXT}], ports: [25, 465] }
domains:
  example.com:
    mx: [mail.example.com]
    dkim: false
    dmarc: { policy: reject }
${caa}${more}`
}

const CLIENTS = '    clients: { host: mail.example.com, services: [imaps, submissions], autodiscover: srv }\n'
const CAA = (ca: string) => `    caa: { issue: [letsencrypt.org, ${ca}], iodef: mailto:pki@example.com }\n`

onBind('client discovery, CAA and TLSA on BIND 9', (server) => {
  let space: Workspace
  let env: Record<string, string>
  beforeAll(async () => {
    env = { TSIG_SECRET: server.key.secret }
  })
  beforeEach(async () => {
    await server.addZone(ZONE, [])
    await server.nsupdate(`update add example.com. 300 CAA 0 ISSUE "Sectigo.com; x=1"
update add example.com. 300 CAA 0 ISSUE "letsencrypt.org"`)
    const pem = await readFile(CERTIFICATE, 'utf8')
    space = await workspace({ 'mailsync.yaml': spec(server, CAA('pki.goog'), CLIENTS), 'tls/current.pem': pem })
  })
  afterEach(() => space.remove())
  const run = (...args: string[]) => space.run(args, { env })
  const dig = async (name: string, type: string): Promise<string[]> =>
    (await server.dig('+short', '+nosplit', name, type)).trim().split('\n').filter(Boolean).sort()
  const write = (text: string) => space.write('mailsync.yaml', text)

  test('are applied, and then there is nothing to do; the documents are those that the names vouch for', async () => {
    const applied = await run('apply', '--yes')
    expect(applied).toMatchObject({ code: 0, stderr: '' })
    expect(await dig('_imaps._tcp.example.com', 'SRV')).toEqual(['0 1 993 mail.example.com.'])
    expect(await dig('_imap._tcp.example.com', 'SRV')).toEqual(['0 0 0 .'])
    expect(await dig('_autodiscover._tcp.example.com', 'SRV')).toEqual(['0 0 443 mail.example.com.'])
    expect(await dig('autoconfig.example.com', 'CNAME')).toEqual(['mail.example.com.'])
    const { publicKey } = new X509Certificate(await readFile(CERTIFICATE))
    const spki = publicKey.export({ type: 'spki', format: 'der' })
    const hash = createHash('sha256').update(spki).digest('hex').toUpperCase()
    for (const port of [25, 465])
      expect(await dig(`_${port}._tcp.mail.example.com`, 'TLSA')).toEqual([`3 1 1 ${hash}`, NEXT.toUpperCase()].sort())
    expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })

    const out = space.path('out')
    expect((await run('compile', '--out', out)).code).toBe(0)
    const pacc = await readFile(`${out}/ua-auto-config.example.com/.well-known/user-agent-configuration.json`)
    const digest = createHash('sha256').update(pacc).digest('base64')
    expect(await dig('_ua-auto-config.example.com', 'TXT')).toEqual([`"v=UAAC1; a=sha256; d=${digest}"`])
    expect(await readFile(`${out}/autoconfig.example.com/mail/config-v1.1.xml`, 'utf8')).toContain(
      '<hostname>mail.example.com</hostname>\n      <port>993</port>\n      <socketType>SSL</socketType>',
    )
    expect(await readFile(`${out}/mail.example.com/autodiscover/autodiscover.xml`, 'utf8')).toContain(
      '<Type>SMTP</Type>\n        <Server>mail.example.com</Server>\n        <Port>465</Port>',
    )
  })

  test('CAA of strangers stay, octet for octet, whatever the spec wants and wanted', async () => {
    const strangers = ['0 ISSUE "Sectigo.com; x=1"', '0 ISSUE "letsencrypt.org"']
    const ours = ['0 iodef "mailto:pki@example.com"', '0 issue "pki.goog"']
    const told = await run('plan')
    expect(told.stdout).toContain('(1 other value kept)')
    expect(told.stdout).toContain('caa-others-issue')
    expect((await run('apply', '--yes')).code).toBe(0)
    expect(await dig(ZONE, 'CAA')).toEqual([...strangers, ...ours].sort())

    await write(spec(server, CAA('digicert.com'), CLIENTS))
    expect((await run('apply', '--yes')).code).toBe(0)
    expect(await dig(ZONE, 'CAA')).toEqual(
      [...strangers, '0 iodef "mailto:pki@example.com"', '0 issue "digicert.com"'].sort(),
    )

    await write(spec(server, '', CLIENTS))
    const gone = await run('apply', '--yes')
    expect(gone).toMatchObject({ code: 0 })
    expect(gone.stdout).toContain('example.com.')
    expect(await dig(ZONE, 'CAA')).toEqual(strangers)
    expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  })

  test('a saved plan that takes a stranger’s CAA away is refused', async () => {
    const file = space.path('plan.json')
    expect((await run('plan', '--out', file)).code).toBe(0)
    const plan = JSON.parse(await space.read('plan.json'))
    const change = plan.zones[0].changes.find((one: { after?: { type: string } }) => one.after?.type === 'CAA')
    change.after.rdata = change.after.rdata.filter(({ value }: { value: string }) => !value.startsWith('Sectigo'))
    change.kept = 0
    await space.write('plan.json', JSON.stringify(plan))
    expect((await run('apply', file, '--yes')).code).not.toBe(0)
    expect(await dig(ZONE, 'CAA')).toHaveLength(2)
  })

  test('what was written is imported again, PACC too, and nothing changes', async () => {
    expect((await run('apply', '--yes')).code).toBe(0)
    const taken = await run('import', 'example.com', '--provider', 'dns')
    expect(taken.code).toBe(0)
    expect(taken.stdout).toContain('clients:')
    expect(taken.stdout).toContain('pacc: true')
    expect(taken.stdout).toContain('issue: [letsencrypt.org, pki.goog]')
    expect(taken.stdout).toContain('ports: [25, 465]')
    await write(taken.stdout)
    expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  })
})
