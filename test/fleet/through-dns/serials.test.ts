import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ownAdapter } from '../../cli/own-adapter.js'
import { type RelayedDns, relayDns } from '../../servers/dns-relay.js'
import { missingServer, serverAvailable } from '../../servers/dns-server.js'
import { freePort } from '../../servers/server-process.js'
import { type Fleet, seenIn, startFleet, zoneAt } from './fleet.js'

const ZONES = 20
const DAY = 86_400
const NOW = Date.parse('2026-11-22T12:00:00Z') / 1000

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => test('serials of zones on BIND', () => {}))
else
  describe('with --serials a zone is not looked at again while its serial stays', () => {
    let fleet: Fleet
    let relay: RelayedDns
    let file: string
    beforeAll(async () => {
      const port = await freePort()
      fleet = await startFleet({ zones: ZONES, servers: () => [`127.0.0.2:${port}`] })
      relay = await relayDns({ host: '127.0.0.2', port }, fleet.server.port)
      expect(await fleet.run('apply', '--yes')).toMatchObject({ code: 0, stderr: '' })
    })
    afterAll(async () => {
      relay.close()
      await fleet.remove()
    })
    let run = 0
    beforeEach(async () => {
      file = fleet.space.path(`serials-${++run}.json`)
      await look()
    })
    const look = (...args: string[]) => fleet.plan('--serials', file, ...args)
    const lookAt = async (now: number) => {
      const args = ['plan', '--observe', 'dns', '--serials', file, '--format', 'json']
      const settings = { env: { TSIG_SECRET: fleet.server.key.secret }, now: () => now }
      return seenIn(JSON.parse((await fleet.space.run(args, settings)).stdout))
    }
    /** The questions that a run asks. */
    const questionsOf = async (work: () => Promise<unknown>): Promise<number> => {
      const before = relay.questions()
      await work()
      return relay.questions() - before
    }

    test('an unchanged zone costs one question, and the plan says so', async () => {
      expect(await questionsOf(look)).toBe(ZONES)
      expect(seenIn(await look())).toMatchObject({ asWanted: ZONES, unchanged: ZONES })
      expect((await fleet.run('plan', '--observe', 'dns', '--serials', file)).stdout).toContain(
        '20 zones were looked at through DNS only and are as wanted (by the serial alone).',
      )
    })

    test('what somebody edits moves the serial, and is found', async () => {
      await fleet.server.nsupdate(`update delete _dmarc.${zoneAt(3)}. TXT`)
      const plan = await look()
      expect(plan.zones.map(({ zone }) => zone)).toEqual([`${zoneAt(3)}.`])
      expect(seenIn(plan)).toMatchObject({ asWanted: ZONES - 1, unchanged: ZONES - 1 })
      expect((await look()).zones).toHaveLength(1)
      expect(await fleet.run('apply', '--yes', '--observe', 'dns', '--serials', file)).toMatchObject({ code: 0 })
      expect(seenIn(await look())).toMatchObject({ asWanted: ZONES, unchanged: ZONES - 1 })
      expect(seenIn(await look())).toMatchObject({ asWanted: ZONES, unchanged: ZONES })
    })

    test('a spec that means other servers never takes a zone for unchanged: what the old ones say is not about them', async () => {
      const spec = await fleet.space.read('mailsync.yaml')
      const timeout = spec.replace('key_name:', 'timeout: 14, key_name:')
      const servers = spec.replaceAll(/servers: \[[^\]]*\]/g, `servers: ['${fleet.server.host}:${fleet.server.port}']`)
      for (const changed of [timeout, servers]) {
        expect(changed).not.toBe(spec)
        await fleet.space.write('mailsync.yaml', changed)
        expect(seenIn(await look())).toMatchObject({ asWanted: ZONES, unchanged: 0 })
      }
      await fleet.space.write('mailsync.yaml', spec)
    })

    test('a spec that asks for something else never takes a zone for unchanged', async () => {
      const spec = await fleet.space.read('mailsync.yaml')
      const other = spec.replace(`  ${zoneAt(4)}: {`, `  ${zoneAt(4)}: { spf: { all: fail },`)
      for (const changed of [other, `${spec}ownership: { owner: another }\n`]) {
        await fleet.space.write('mailsync.yaml', changed)
        const plan = await look()
        expect(plan.zones.length + plan.failures.length).toBe(changed === other ? 1 : ZONES)
        await fleet.space.write('mailsync.yaml', spec)
      }
    })

    test('an edit that leaves the serial as it is is seen within a week', async () => {
      const zone = `${zoneAt(5)}.`
      const soa = (await fleet.server.dig('+short', zone, 'SOA')).trim()
      const lines = (await fleet.server.dig('+noall', '+answer', '+onesoa', '-y', keyOf(fleet), zone, 'AXFR')).split(
        '\n',
      )
      const without = lines.filter((line) => !/\sMX\s/.test(line)).join('\n')
      await fleet.server.addZone(zone, without)
      expect((await fleet.server.dig('+short', zone, 'SOA')).trim()).toBe(soa)
      expect((await lookAt(NOW + DAY)).asked).toEqual([])
      expect((await lookAt(NOW + 8 * DAY)).asked).toMatchObject([{ zone, why: 'differs', confirmed: true }])
      await fleet.server.nsupdate(`update add ${zone} 3600 MX 10 mail.customer0.example.`)
    })

    test('a file from the future is not believed', async () => {
      expect((await lookAt(NOW - DAY)).unchanged).toBe(0)
    })

    test('a run of a part forgets nothing of the rest, and trusts no serial of a part', async () => {
      expect(seenIn(await look('--zone', zoneAt(1)))).toMatchObject({ asWanted: 1, unchanged: 1 })
      expect(seenIn(await look('--domain', zoneAt(2)))).toMatchObject({ unchanged: 0 })
      expect(seenIn(await look())).toMatchObject({ asWanted: ZONES })
    })

    test('a run of a domain leaves the serial of its zone, be it as wanted or not', async () => {
      const spec = await fleet.space.read('mailsync.yaml')
      await look('--domain', zoneAt(2))
      expect(seenIn(await look())).toMatchObject({ unchanged: ZONES })
      await fleet.space.write('mailsync.yaml', spec.replace(`${zoneAt(2)}: { mx:`, `${zoneAt(2)}: { ttl: 60, mx:`))
      expect((await look('--domain', zoneAt(2))).zones).toHaveLength(1)
      await fleet.space.write('mailsync.yaml', spec)
      expect(seenIn(await look())).toMatchObject({ unchanged: ZONES })
    })

    test('a variable that means another server is another place, and a secret is none', async () => {
      const spec = await fleet.space.read('mailsync.yaml')
      await fleet.space.write('mailsync.yaml', spec.replace(/ host: \S+,/, ' host: env/DNS_HOST,'))
      const lookWith = async (host: string, secret = fleet.server.key.secret) => {
        const env = { TSIG_SECRET: secret, DNS_HOST: host }
        const args = ['plan', '--observe', 'dns', '--serials', file, '--format', 'json']
        return seenIn(JSON.parse((await fleet.space.run(args, { env })).stdout))
      }
      try {
        await lookWith('127.0.0.1')
        expect(await lookWith('127.0.0.1')).toMatchObject({ unchanged: ZONES })
        expect(await lookWith('127.0.0.1', 'b3RoZXI=')).toMatchObject({ unchanged: ZONES })
        expect(await lookWith('127.0.0.9')).toMatchObject({ unchanged: 0 })
      } finally {
        await fleet.space.write('mailsync.yaml', spec)
      }
    })

    test('two runs at once keep what each of them saw', async () => {
      const both = fleet.space.path('both.json')
      const half = (from: number) =>
        Array.from({ length: ZONES / 2 }, (_, index) => ['--zone', zoneAt(from + index)]).flat()
      const runs = [half(0), half(ZONES / 2)].map((zones) => fleet.plan('--serials', both, ...zones))
      await Promise.all(runs)
      expect(seenIn(await fleet.plan('--serials', both))).toMatchObject({ unchanged: ZONES })
    })

    test('what is no zone of the spec any more leaves the file', async () => {
      const spec = await fleet.space.read('mailsync.yaml')
      const gone = spec.split('\n').filter((line) => !line.startsWith(`  ${zoneAt(6)}`))
      await fleet.space.write('mailsync.yaml', gone.join('\n'))
      await look()
      await fleet.space.write('mailsync.yaml', spec)
      expect(await fleet.space.read(`serials-${run}.json`)).not.toContain(`${zoneAt(6)}.`)
    })

    test('a line a zone, so that it may be committed', async () => {
      const lines = (await fleet.space.read(`serials-${run}.json`)).split('\n')
      expect(lines).toHaveLength(ZONES + 7)
      expect(lines[4]).toMatch(
        /^ {4}"customer0\.example\. dns": \{"wanted":"[\w-]{22}","seen":"2026-11-22T12:00:00Z","serials":\{"127\.0\.0\.2:\d+":\d+\}\},$/,
      )
    })

    test.each([
      ['another file', 'providers: {}\n', 'is no file of serials: the document'],
      [
        'one of a later version',
        '{"format":"mailsync-serials","version":2,"zones":{}}',
        'version is of a version that this mailsync does not know',
      ],
    ])('%s is refused, and stays as it is', async (_, text, message) => {
      await fleet.space.write('other.json', text)
      const refused = await fleet.run('plan', '--observe', 'dns', '--serials', fleet.space.path('other.json'))
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr).toContain(message)
      expect(await fleet.space.read('other.json')).toBe(text)
    })

    test('it goes with --observe dns only', async () => {
      const refused = await fleet.run('plan', '--serials', file)
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr).toContain('--serials goes with --observe dns')
    })

    test('of a provider whose serials are not known to move, none is kept: its names are asked for each time', async () => {
      const zone = `${zoneAt(7)}.`
      await fleet.space.write('own.mjs', ownAdapter())
      await fleet.space.write('zones.json', JSON.stringify({ [zone]: [] }))
      const spec = await fleet.space.read('mailsync.yaml')
      const own = spec
        .replace(
          'providers:\n',
          `providers:\n  own: { class: ./own.mjs, file: ${JSON.stringify(fleet.space.path('zones.json'))} }\n`,
        )
        .replace(`  ${zone}: { targets: [dns]`, `  ${zone}: { targets: [own]`)
      await fleet.space.write('mailsync.yaml', own)
      const before = [await look(), await look()]
      await fleet.space.write('mailsync.yaml', spec)
      for (const plan of before)
        expect(seenIn(plan)).toMatchObject({ asWanted: ZONES, unchanged: ZONES - 1, asked: [] })
    })
  })

function keyOf({ server: { key } }: Fleet): string {
  return `${key.algorithm}:${key.name}:${key.secret}`
}
