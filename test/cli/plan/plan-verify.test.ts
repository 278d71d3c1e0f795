import { afterAll, beforeAll, expect, it } from 'vitest'
import { textOf } from '../../report/html-text.js'
import { onBind } from '../../servers/on-bind.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

const RECORDS = `@ MX 10 mail.example.com.
@ TXT "v=spf1 ip4:198.51.100.25 ~all"
mail A 198.51.100.25
mail TXT "v=spf1 a -all"
`
const REFUSED = 'Yahoo and Naver would not take mail of example.com: reverse DNS of 198.51.100.25'

onBind(
  'plan --verify',
  (server) => {
    let space: Workspace
    beforeAll(async () => {
      space = await workspace({
        'mailsync.yaml': `
providers: { local: { class: yaml, directory: zones } }
zones: { example.com: { targets: [local], servers: ['${server.host}:${server.port}'] } }
hosts: { mail.example.com: { addresses: [198.51.100.25], reverse: false } }
domains: { example.com: { mx: [mail.example.com], dmarc: { policy: reject }, dkim: false } }
`,
      })
    })
    afterAll(() => space.remove())
    const plan = (...args: string[]): Promise<Ran> =>
      space.run(['plan', '--no-dns', '--verify', '--resolver', `${server.host}:${server.port}`, ...args])

    it('shows below the plan what receivers see now, without changing how the run ends', async () => {
      const { code, stdout } = await plan()
      expect(code).toBe(0)
      const [, seen = ''] = stdout.split('What receivers see now, before this plan\n')
      expect(seen).toContain('fail     198.51.100.25')
      expect(seen).toContain('fcrdns: ')
      expect(seen).toContain(REFUSED)
    })

    it('leaves out that what the plan writes is not served yet: the plan says it', async () => {
      const { stdout } = await plan('--format', 'json')
      const { verify, zones } = JSON.parse(stdout)
      const written = zones[0].changes.map(({ after }: { after: { name: string; type: string } }) => after.name)
      expect(written).toContain('_dmarc.example.com.')
      expect(verify.checks.filter(({ id }: { id: string }) => id === 'record-served')).toEqual([])
      expect(verify.domains[0].receivers.map(({ receiver }: { receiver: string }) => receiver)).toContain('Yahoo')
    })

    it('is a section of the page, and the same one that verify has', async () => {
      const { stdout: html } = await plan('--format', 'html')
      expect(html).toContain('<h2 id="receivers-h">What receivers see now, before this plan</h2>')
      expect(textOf(html)).toContain(REFUSED)
      const own = await space.run(['verify', '--format', 'html', '--resolver', `${server.host}:${server.port}`])
      expect(textOf(own.stdout)).toContain(REFUSED)
      const row = /<tr><th scope="row">198\.51\.100\.25<\/th>.*?<\/tr>/s
      expect(row.exec(html)?.[0]).toContain('<code class="rule">fcrdns</code>')
      expect(row.exec(own.stdout)?.[0]).toBe(row.exec(html)?.[0])
    })

    it('is a section of the comment on a pull request', async () => {
      const { stdout } = await plan('--format', 'markdown')
      expect(stdout).toContain('#### What receivers see now, before this plan\n')
      expect(stdout).toContain('| **fail** | `198.51.100.25` | reverse DNS: `fcrdns` |')
    })

    it('is not carried out with a saved plan, nor asked for without the option', async () => {
      await plan('--out', space.path('plan.json'))
      expect(JSON.parse(await space.read('plan.json')).verify.checks).not.toEqual([])
      expect(await space.run(['apply', space.path('plan.json'), '--yes', '--no-dns'])).toMatchObject({ code: 0 })
      const { stdout } = await space.run(['plan', '--no-dns', '--format', 'json'])
      expect(JSON.parse(stdout).verify).toBeUndefined()
    })
  },
  { zones: { 'com.': '', '100.51.198.in-addr.arpa.': '', 'example.com.': RECORDS } },
)
