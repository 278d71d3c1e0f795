import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Workspace, workspace } from '../cli/workspace.js'
import { FakeCloudflare, TOKEN } from '../fakes/cloudflare/cloudflare.js'
import { missingServer, serverAvailable } from '../servers/dns-server.js'
import { type DnsTree, startDnsTree } from '../servers/dns-tree.js'
import { outsideOf, runVerify, told, verified } from './run-verify.js'

const [ROOT, THEIRS, OTHERS] = ['127.0.0.2', '127.0.0.3', '127.0.0.4']
const ZONE = '@ NS ada.ns.cloudflare.com.\n@ NS bob.ns.cloudflare.com.\n@ TXT "v=spf1 -all"\n'
const ZONES = {
  [ROOT]: {
    '.': `@ NS ns.root.\nns.root. A ${ROOT}\ncom. NS ns.root.\n`,
    'com.': `@ NS ns.root.
here NS ada.ns.cloudflare.com.
here NS bob.ns.cloudflare.com.
away NS ns.others.com.
named NS own.others.com.
ada.ns.cloudflare A ${THEIRS}
bob.ns.cloudflare A ${THEIRS}
ns.others A ${OTHERS}
own.others A ${THEIRS}
`,
  },
  [THEIRS]: { 'here.com.': ZONE, 'away.com.': ZONE, 'named.com.': ZONE },
  [OTHERS]: { 'away.com.': ZONE },
}
const SPEC = `providers:
  cf: { class: cloudflare, token: env/TOKEN }
  local: { class: yaml, directory: ./zones }
zones:
  here.com.: { targets: [cf, local] }
  away.com.: { targets: [cf] }
  named.com.: { targets: [cf] }
domains:
  here.com: { mail: none }
  away.com: { mail: none }
  named.com: { mail: none }
`
const GIVEN = 'cf gave it ada.ns.cloudflare.com. and bob.ns.cloudflare.com.'

if (!serverAvailable('bind'))
  describe.skip(missingServer('bind'), () => test('name servers that providers give', () => {}))
else
  describe('the delegation, and the name servers that the provider gave the zone', () => {
    let tree: DnsTree
    let space: Workspace
    let fake: FakeCloudflare
    beforeAll(async () => {
      ;[tree, space] = await Promise.all([startDnsTree(ZONES), workspace({ 'mailsync.yaml': SPEC })])
    })
    afterAll(() => Promise.all([tree.stop(), space.remove()]))
    beforeEach(() => {
      fake = new FakeCloudflare()
      for (const zone of ['here.com', 'away.com', 'named.com']) fake.addZone(zone)
    })
    afterEach(() => fake.close())
    const look = async (providers: boolean, ...domains: string[]) => {
      const options = { config: space.path('mailsync.yaml'), domains, providers }
      const { code, checks } = await verified(options, outsideOf(tree), { TOKEN })
      return { code, lines: told(checks, 'delegation-provider') }
    }

    test('a parent that names others fails, with both lists: nobody asks where records are written', async () => {
      expect(await look(true, 'away.com')).toEqual({
        code: 1,
        lines: [
          `fail away.com.: it is delegated to ns.others.com., and ${GIVEN}: nobody asks where its records are written`,
        ],
      })
    })

    test('those that it gave, or others that lead to the same addresses, pass', async () => {
      expect((await look(true, 'here.com')).lines).toEqual([
        `pass here.com.: it is delegated to ada.ns.cloudflare.com. and bob.ns.cloudflare.com., and ${GIVEN}`,
      ])
      expect((await look(true, 'named.com')).lines).toEqual([
        `pass named.com.: it is delegated to own.others.com., and ${GIVEN}`,
      ])
    })

    test('what the provider refuses to tell is not known', async () => {
      fake.permissions = []
      const { lines } = await look(true, 'here.com')
      expect(lines).toEqual([expect.stringMatching(/^unknown here\.com\.: cf does not tell: /)])
    })

    test('no provider is asked, and no credentials are wanted, unless that is asked for', async () => {
      expect((await look(false, 'here.com', 'away.com')).lines).toEqual([])
      expect(fake.calls).toEqual([])
      const options = { config: space.path('none.yaml'), domain: ['here.com'], providers: true }
      await expect(runVerify(options, outsideOf(tree))).rejects.toMatchObject({ code: 'usage' })
    })
  })
