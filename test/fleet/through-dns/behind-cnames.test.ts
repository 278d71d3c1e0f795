import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Workspace, workspace } from '../../cli/workspace.js'
import { onBind } from '../../servers/on-bind.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { seenIn } from './fleet.js'

const AROUND = '9.9.9.in-addr.arpa.'
const LED = 'rev.example.net.'
const ZONES = ['example.com.', AROUND, LED]

onBind(
  'PTRs behind CNAMEs, seen through DNS',
  (server) => {
    let space: Workspace
    beforeAll(async () => {
      for (const zone of ZONES)
        await server.addZone(
          zone,
          [10, 11]
            .map((at) => `${at} CNAME h${at}.${LED}`)
            .join('\n')
            .repeat(Number(zone === AROUND)),
        )
      space = await workspace({
        'mailsync.yaml': `
providers:
  dns: ${rfc2136Options({ host: server.host, port: server.port, key: server.key })}
zones:
${ZONES.map((zone) => `  ${zone}: { targets: [dns], servers: ['${server.host}:${server.port}'] }`).join('\n')}
hosts: { mail.example.com: { addresses: [9.9.9.10, 9.9.9.11, 9.9.9.12] } }
domains: {}
`,
      })
      expect(await run('apply', '--yes', '--no-dns')).toMatchObject({ code: 0, stderr: '' })
    })
    afterAll(async () => {
      await space.remove()
    })
    const run = (...args: string[]) => space.run(args, { env: { TSIG_SECRET: server.key.secret } })
    const plan = async (...args: string[]) =>
      JSON.parse((await run('plan', '--no-dns', '--observe', 'dns', '--format', 'json', ...args)).stdout)

    test('stay, as the zone with the CNAMEs is looked at whatever its serial is', async () => {
      const unchanged: number[] = []
      for (let time = 0; time < 3; time++) {
        const seen = await plan('--serials', space.path('serials.json'))
        expect(seen).toMatchObject({ zones: [], failures: [] })
        unchanged.push(seenIn(seen)?.unchanged ?? 0)
      }
      expect(Math.max(...unchanged)).toBe(ZONES.length - 1)
    })

    test('stay where the zone with the CNAMEs is not looked at', async () => {
      const { zones, problems } = await plan('--zone', LED)
      expect(zones).toEqual([])
      expect(problems[0].message).toContain(`h10.${LED} PTR and 1 more are left as they are`)
    })
  },
  { zoneSettings: 'check-integrity no;' },
)
