import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { missingServer, serverAvailable } from '../../servers/dns-server.js'
import { type Powerdns, startPowerdns } from '../../servers/powerdns.js'
import { type Workspace, workspace } from '../workspace.js'

const ZONE = `
@ MX 10 mail
@ 300 TXT "google-site-verification=abc"
@ 300 TXT "v=spf1 ip4:192.0.2.10 -all"
mail A 192.0.2.10
mail TXT "v=spf1 a -all"
_dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
www ALIAS web.example.net.
`

if (!serverAvailable('powerdns')) describe.skip(missingServer('powerdns'), () => test('import from PowerDNS', () => {}))
else
  describe('import from PowerDNS over its API', () => {
    let server: Powerdns
    let space: Workspace
    beforeAll(async () => {
      server = await startPowerdns({
        zones: { 'example.com.': ZONE, '2.0.192.in-addr.arpa.': '10 PTR mail.example.com.\n' },
      })
    })
    afterAll(() => server?.stop())
    beforeEach(async () => {
      space = await workspace({})
    })
    afterEach(() => space.remove())

    test('gives a spec that has nothing to change there but to remember what it owns', async () => {
      const env = { PDNS_KEY: server.api.key }
      const options = ['host=127.0.0.1', `port=${server.api.port}`, 'api_key=env/PDNS_KEY']
      const imported = await space.run(
        [
          ...['import', 'example.com', '--class', 'powerdns', '--out', space.path('mailsync.yaml')],
          ...options.flatMap((option) => ['--option', option]),
        ],
        { env },
      )
      expect(imported).toMatchObject({ code: 0, stderr: expect.stringMatching(/in 2 zones/) })
      const planned = await space.run(['plan'], { env })
      expect(planned.stderr).toBe('')
      expect(planned.stdout).not.toMatch(/^ {2}[-+~]/m)
      expect(await space.run(['apply', '--yes'], { env })).toMatchObject({ code: 0 })
      expect((await space.run(['plan'], { env })).stdout).toMatch(/^Nothing to do/m)
    })
  })
