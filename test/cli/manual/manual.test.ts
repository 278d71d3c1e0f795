import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { startBind } from '../../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable } from '../../servers/dns-server.js'
import { enter, printedEntries } from '../../steps/person.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

const ZONE = 'example.com.' as Name
const STRANGERS = '@ 1800 TXT "google-site-verification=abc"\n@ 1800 TXT "MS=ms1"\nwww A 192.0.2.80'
const MEMORY = 'owned/panel/example.com.yaml'

if (!serverAvailable('bind')) {
  describe.skip(missingServer('bind'), () => test('skipped', () => {}))
} else {
  describe('a provider without an API', () => {
    let servers: readonly [DnsServer, DnsServer]
    let place: Workspace
    beforeAll(async () => {
      const start = () => startBind({ zoneSettings: 'check-integrity no;' })
      servers = await Promise.all([start(), start()])
    })
    afterAll(() => Promise.all(servers.map((server) => server.stop())))
    beforeEach(async () => {
      for (const server of servers) await server.addZone(ZONE, STRANGERS)
      place = await workspace({ 'mailsync.yaml': spec() })
    })
    afterEach(() => place.remove())

    const spec = (hosts = 'mail.example.com: { addresses: [192.0.2.10], reverse: false }', more = ''): string => {
      const [one, two] = servers.map(({ host, port }) => `${host}:${port}`)
      return `providers:
  panel: { class: manual, servers: ['${one}', '${two}'] }
  files: { class: yaml, directory: zones }
zones:
  example.com.: { targets: [panel] }
  example.net.: { targets: [files] }
hosts:
  ${hosts}
domains:
  example.com: { mx: [mail.example.com], dkim: false }
${more}`
    }
    const plan = (...args: string[]): Promise<Ran> => place.run(['plan', '--detailed-exitcode', ...args])
    const apply = (...args: string[]): Promise<Ran> => place.run(['apply', '--yes', ...args])
    const enterAt = async ({ stdout }: Ran, ...at: readonly DnsServer[]): Promise<void> => {
      for (const server of at) await enter(server, ZONE, printedEntries(stdout))
    }

    test('is read by asking, and written by telling a person what to enter', async () => {
      const planned = await plan()
      expect(planned.code).toBe(2)
      expect(planned.stdout).toContain(`example.com.  panel  (no API: enter this by hand, in this order)
  1. Add this record  ${place.path('mailsync.yaml')}:8
     Host      mail
     Type      A
     Value     192.0.2.10
     TTL       3600
`)
      expect(
        planned.stdout,
      ).toContain(`  2. Add this record; leave the 2 other values there as they are  ${place.path('mailsync.yaml')}:10
     Host      @
     Type      TXT
     Value     v=spf1 ip4:192.0.2.10 ~all
     TTL       1800
`)
      expect(planned.stdout).toContain(`     Host      @
     Type      MX
     Priority  10
     Value     mail.example.com
     TTL       3600
`)
      expect(planned.stdout).toContain('Nothing for mailsync to write. 5 manual steps.')
      await expect(place.read(MEMORY)).rejects.toMatchObject({ code: 'ENOENT' })
    })

    test('counts as ours what apply has printed, and as done what every server shows', async () => {
      const told = await apply()
      expect(told.code).toBe(0)
      expect(told.stdout).toContain(
        'example.com.  panel  5 steps are yours; open until every server shows what was entered',
      )
      expect(told.stdout).toMatch(/Commit owned\/panel\/example\.com\.yaml: .*\n5 steps are yours\.\n$/)
      expect(await place.read(MEMORY)).toMatch(
        /owners:\n {2}- owner: default\n {4}written:\n {6}- example\.com\. MX mx\n/,
      )

      const again = await apply()
      expect(again.code).toBe(0)
      expect(again.stdout).not.toContain('Commit')

      await enterAt(told, servers[0])
      const half = await plan()
      expect(half.code).toBe(2)
      expect(half.stdout).toContain('1. Wait; there is nothing to enter')
      const [shows, waits] = servers.map(({ port }) => `127.0.0.1 port ${port}`)
      expect(half.stdout).toContain(`${shows} shows it, ${waits} not yet`)
      expect(half.stdout).toContain('resolvers may keep the old answer for up to 60 seconds after that')
      expect(half.stdout).toContain('for up to 1800 seconds after that')

      await enterAt(told, servers[1])
      const done = await plan()
      expect(done.code).toBe(0)
      expect(done.stdout).toMatch(/\nNothing to do: 2 zones are as the spec wants\.\n$/)
    })

    test('asks to delete only what the memory says is ours, and forgets it once it is gone', async () => {
      await enterAt(await apply(), ...servers)
      const moved = spec('mx.example.com: { addresses: [192.0.2.11], reverse: false }').replace('[mail.', '[mx.')
      await place.write('mailsync.yaml', moved)
      const told = await apply()
      const entries = printedEntries(told.stdout)
      const deleted = entries.filter(({ title }) => title.startsWith('Delete'))
      expect(deleted.map(({ Host, Type, Value }) => `${Host} ${Type} ${Value}`)).toEqual([
        'mail TXT v=spf1 a -all',
        'mail A 192.0.2.10',
      ])
      expect(entries.find(({ Type }) => Type === 'MX')).toMatchObject({
        title: 'Change this record',
        'Old value': 'mail.example.com',
        Value: 'mx.example.com',
      })
      expect(await place.read(MEMORY)).toContain('- mail.example.com. A host')

      await enterAt(told, ...servers)
      const gone = await plan()
      expect(gone.stdout).toContain('No record changes; what mailsync remembers does, in 1 zone.')
      expect((await apply()).code).toBe(0)
      expect(await place.read(MEMORY)).not.toContain('- mail.example.com.')
      expect((await plan()).code).toBe(0)
    })

    test('leaves alone what was there already as wanted, when it leaves the spec', async () => {
      for (const server of servers) await server.nsupdate(`zone ${ZONE}\nupdate add mail.${ZONE} 300 A 192.0.2.10`)
      await enterAt(await apply(), ...servers)
      expect(await place.read(MEMORY)).toMatch(/claimed:\n {6}- mail\.example\.com\. A host\n/)
      await place.write(
        'mailsync.yaml',
        spec('mx.example.com: { addresses: [192.0.2.11], reverse: false }').replace('[mail.', '[mx.'),
      )
      const entries = printedEntries((await apply()).stdout)
      expect(entries.filter(({ title }) => title.startsWith('Delete')).map(({ Type }) => Type)).toEqual(['TXT'])
    })

    test('refuses to have a stranger’s record changed without --adopt', async () => {
      for (const server of servers) await server.nsupdate(`zone ${ZONE}\nupdate add ${ZONE} 300 MX 5 old.example.`)
      const refused = await apply()
      expect(refused.code).toBe(3)
      await expect(place.read(MEMORY)).rejects.toMatchObject({ code: 'ENOENT' })
      const told = await apply('--adopt')
      expect(told.code).toBe(0)
      expect(printedEntries(told.stdout).find(({ Type }) => Type === 'MX')).toMatchObject({
        title: 'Change this record',
        'Old priority': '5',
        'Old value': 'old.example',
        Priority: '10',
        Value: 'mail.example.com',
      })
    })

    test('does not have its TTLs changed', async () => {
      const told = await apply()
      await enterAt(told, ...servers)
      for (const server of servers)
        await server.nsupdate(`zone ${ZONE}\nupdate delete mail.${ZONE} A\nupdate add mail.${ZONE} 77 A 192.0.2.10`)
      expect((await plan()).code).toBe(0)
    })

    test('is not taken for one that has what only a wildcard answers', async () => {
      for (const server of servers) await server.nsupdate(`zone ${ZONE}\nupdate add *.${ZONE} 300 A 192.0.2.99`)
      const told = await apply()
      expect(printedEntries(told.stdout).find(({ Type }) => Type === 'A')).toMatchObject({
        title: 'Add this record',
        Host: 'mail',
      })
      await enterAt(told, ...servers)
      expect((await plan()).code).toBe(0)
    })

    test('is not said to lack what nobody asked for', async () => {
      const strict = spec().replace(
        'dkim: false',
        'dkim: false, spf: { include: [_spf.example.com] }, dmarc: { policy: reject }',
      )
      await place.write('mailsync.yaml', strict)
      const { stdout } = await plan()
      expect(stdout).toContain('[dmarc-reject-without-dkim]')
      expect(stdout).not.toContain('has no SPF in the zone that was read')
    })

    test('has other zones wait for its addresses, and not fail', async () => {
      await place.write('mailsync.yaml', spec(undefined, '  example.net: { mx: [mail.example.com], dkim: false }\n'))
      const told = await apply()
      expect(told.code).toBe(0)
      expect(told.stdout).toContain(
        'example.net.  files  waits: mail leads from here to example.com. at panel, or back',
      )
      expect(told.stdout).toContain('5 steps are yours; 1 zone waits for that.')
      await expect(place.read('zones/example.net.yaml')).rejects.toMatchObject({ code: 'ENOENT' })

      await enterAt(told, ...servers)
      const rest = await apply()
      expect(rest.code).toBe(0)
      expect(await place.read('zones/example.net.yaml')).toContain('mail.example.com.')
      expect((await plan()).code).toBe(0)
    })

    test('says the steps as data', async () => {
      const { manual, zones } = JSON.parse((await plan('--format', 'json')).stdout)
      expect(zones).toMatchObject([{ zone: ZONE, byHand: true, memory: MEMORY }])
      expect(manual[1]).toMatchObject({
        zone: ZONE,
        provider: 'panel',
        entries: [{ do: 'add', host: '@', type: 'TXT', value: 'v=spf1 ip4:192.0.2.10 ~all', ttl: 1800, beside: 2 }],
      })
      const applied = JSON.parse((await apply('--format', 'json')).stdout)
      expect(applied.zones[0]).toMatchObject({ applied: [{ manifest: true }], pending: [], memory: MEMORY })
      expect(applied.zones[0].byHand).toHaveLength(5)
      expect(applied.manual).toEqual(manual)
    })

    test('takes a saved plan, as long as nobody changed anything', async () => {
      await plan('--out', place.path('plan.json'))
      const told = await place.run(['apply', place.path('plan.json'), '--yes'])
      expect(told).toMatchObject({ code: 0 })
      expect(told.stdout).toContain('5 steps are yours')
      await enterAt(told, ...servers)
      expect(await place.run(['apply', place.path('plan.json'), '--yes'])).toMatchObject({ code: 3 })
    })

    test('is asked for the memory before it is written', async () => {
      const no = await place.run(['apply'], { answer: false })
      expect(no).toMatchObject({ code: 0, stderr: expect.stringContaining('Nothing was written.') })
      await expect(place.read(MEMORY)).rejects.toMatchObject({ code: 'ENOENT' })
    })

    test('asks for nothing where a value is gone from some servers already, whatever is wrong with it', async () => {
      const right = `${STRANGERS}\n@ 1800 TXT "v=spf1 ip4:192.0.2.10 ~all"`
      await servers[0].addZone(ZONE, `${right}\n@ 1800 TXT "v=spf1 -all"`)
      await servers[1].addZone(ZONE, right)
      const { stdout } = await plan()
      const [one, two] = servers.map(({ port }) => `127.0.0.1 port ${port}`)
      expect(stdout).toContain(`Wait; there is nothing to enter  ${place.path('mailsync.yaml')}:10
     deleted: @ TXT v=spf1 -all
     ! ${two} does not show it any more, ${one} still does
       there is nothing to enter: wait`)
      expect(stdout).not.toContain('SPF values stand there')
    })

    test('is no source of an import', async () => {
      const { code, stderr } = await place.run(['import', 'example.com', '--provider', 'panel'])
      expect(code).toBe(1)
      expect(stderr).toContain('manual shows only what it is asked for, so nothing is imported from it')
      expect(stderr).toContain('`mailsync import DOMAIN` asks public DNS')
    })

    test('plans nothing where its memory cannot be read', async () => {
      await place.write(MEMORY, 'version: 1\nowners: [{ owner: default, written: [example.org. A host] }]\n')
      const { code, stdout } = await plan()
      expect(code).toBe(1)
      expect(stdout).toContain(
        `${MEMORY}:2:1: it is not said what mailsync owns in example.com.: "example.org. A host" is no record of the zone`,
      )
      expect(stdout).toContain('bring back the file as it was committed')
      expect(stdout).not.toContain('Add this record')
    })

    test('plans nothing where none of the servers it is told answers, and says no word of a delegation', async () => {
      await place.write('mailsync.yaml', spec().replace(/servers: \[.*?\]/, "servers: ['127.0.0.1:1']"))
      const { code, stdout } = await plan()
      expect(code).toBe(1)
      expect(stdout).toContain('no name server answers for example.com.: 127.0.0.1 port 1 cannot be reached')
      expect(stdout).toContain('see that the servers under servers: of the provider can be reached')
      expect(stdout).not.toContain('delegation')
    })

    test('plans nothing where one of its servers does not answer', async () => {
      await place.write('mailsync.yaml', spec().replace(`:${servers[1].port}`, ':1'))
      const { code, stdout } = await plan()
      expect(code).toBe(1)
      expect(stdout).toContain('not every server of example.com. answers: 127.0.0.1 port 1 ')
      expect(stdout).not.toContain('Add this record')
    })
  })
}
