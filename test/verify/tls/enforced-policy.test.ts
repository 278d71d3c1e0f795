import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { compiledOffline } from '../../../src/compiled-offline.js'
import { openSession } from '../../../src/session.js'
import { policyFetcher } from '../../../src/verify/ask/https/fetch-policy.js'
import { checkSmtp } from '../../../src/verify/checks/smtp.js'
import { foundScope } from '../../../src/verify/subjects/found-scope.js'
import { specScope } from '../../../src/verify/subjects/spec-scope.js'
import { workspace } from '../../cli/workspace.js'
import { missingPostfix, type Postfix, startPostfix } from '../../servers/mail/postfix.js'
import { testCa } from '../../servers/renewals.js'
import { fakeWorld, type Records } from '../fake-view.js'
import { type PolicyServer, startPolicyServer } from './policy-server.js'

const RECORDS: Records = {
  'example.com': ['MX 10 mail.example.com.'],
  'mail.example.com': ['A 192.0.2.10'],
  '_mta-sts.example.com': ['TXT "v=STSv1; id=1"'],
  'mta-sts.example.com': ['A 192.0.2.80'],
}
const policy = (mode: string): string =>
  `version: STSv1\r\nmode: ${mode}\r\nmx: mail.example.com\r\nmax_age: 604800\r\n`

test('mail of a spec goes to its hosts too, whoever publishes the policies', async () => {
  const space = await workspace({
    'mailsync.yaml': `providers: { local: { class: yaml, directory: ./zones } }
zones: { example.com.: { targets: [local] }, example.org.: { targets: [local] } }
hosts: { mail.example.com: { addresses: [192.0.2.10], reverse: false } }
domains:
  example.com: { mx: [mail.example.com], dkim: false }
  example.org: { mx: [mail.example.com], dkim: false }
`,
  })
  const session = await openSession({ file: space.path('mailsync.yaml'), env: {}, online: false })
  await space.remove()
  const compiled = compiledOffline(session)
  const privateHalfOf = () => ({ isHere: false }) as const
  const scopeOf = (...chosen: string[]) =>
    specScope({ spec: session.spec, compiled, chosen: chosen as Name[], privateHalfOf })
  expect(scopeOf().hosts).toMatchObject([{ name: 'mail.example.com.', mailOf: ['example.com.', 'example.org.'] }])
  expect(scopeOf('example.org.').hosts).toMatchObject([{ name: 'mail.example.com.', mailOf: ['example.org.'] }])
})

const missing = missingPostfix()
if (missing !== undefined) describe.skip(missing, () => test('a policy that no spec has', () => {}))
else
  describe('a policy that no spec has, of a web server and in DNS alone, and a real Postfix with a certificate of nobody', () => {
    let folder: string
    let web: PolicyServer
    let postfix: Postfix
    let plain: Postfix
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'mailsync-verify-'))
      web = await startPolicyServer(join(folder, 'web'), 'mta-sts.example.com')
      await (await testCa(join(folder, 'ca'), 'mail.example.com')).renew(join(folder, 'live'))
      const files = await Promise.all(
        ['privkey.pem', 'fullchain.pem'].map((file) => readFile(join(folder, 'live', file), 'utf8')),
      )
      await writeFile(join(folder, 'server.pem'), files.join(''))
      postfix = await startPostfix('mail.example.com', join(folder, 'server.pem'))
      const settings = { smtpd_tls_security_level: 'none' }
      plain = await startPostfix('mail.example.com', join(folder, 'server.pem'), { settings })
    })
    afterAll(async () => {
      await Promise.all([postfix?.stop(), plain?.stop()])
      web?.stop()
      await rm(folder, { recursive: true, force: true })
    })

    const look = async (body: string, records: Records = {}, server = postfix): Promise<string[]> => {
      web.answer = { status: 200, type: 'text/plain', body }
      const at = (_: string, port: number) => ({ host: '127.0.0.1', port: port === 25 ? server.port : 9 })
      const world = fakeWorld(
        { ...RECORDS, ...records },
        {
          smtp: { at, timeout: 20_000, isNear: () => true },
          fetchPolicy: policyFetcher({ ca: web.pem, connect: () => ({ host: '127.0.0.1', port: web.port }) }),
        },
      )
      const { hosts } = await foundScope(['example.com.' as Name], world.dns, '2026-11-27')
      const checks = await Promise.all(hosts.map((host) => checkSmtp(host, world)))
      return checks
        .flat()
        .filter(({ id }) => id === 'smtp-certificate' || id === 'smtp-starttls')
        .map(({ verdict, id, seen }) => `${verdict} ${id}: ${seen}`)
    }

    test('enforced: those who honour it give it no mail, nor where it offers no TLS', async () => {
      expect((await look(policy('enforce')))[1]).toMatch(
        /^fail smtp-certificate: .*an MTA-STS policy is enforced, so senders that honour it give it no mail$/,
      )
      expect(await look(policy('enforce'), {}, plain)).toEqual(['fail smtp-starttls: it offers no STARTTLS'])
    })

    test('one that is tested, that no record tells of, or that two records tell of, is no failure', async () => {
      expect((await look(policy('testing')))[1]).toMatch(/^warn smtp-certificate/)
      expect((await look(policy('enforce'), { '_mta-sts.example.com': [] }))[1]).toMatch(/^warn smtp-certificate/)
      const twice = { '_mta-sts.example.com': ['TXT "v=STSv1; id=1"', 'TXT "v=STSv1; id=2"'] }
      expect((await look(policy('enforce'), twice))[1]).toMatch(/^warn smtp-certificate/)
      expect((await look('nothing'))[1]).toMatch(/^warn smtp-certificate/)
    })

    test('one domain of several whose mail goes there is enough', async () => {
      web.answer = { status: 200, type: 'text/plain', body: policy('enforce') }
      const records: Records = { ...RECORDS, 'example.org': ['MX 10 mail.example.com.'] }
      const names = ['example.com.', 'example.org.'] as Name[]
      const { hosts } = await foundScope(names, fakeWorld(records).dns, '2026-11-27')
      expect(hosts).toMatchObject([{ name: 'mail.example.com.', mailOf: names }])
    })
  })
