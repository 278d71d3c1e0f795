import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Plan } from '../../../src/plan/plan.js'
import { ownAdapter } from '../../cli/own-adapter.js'
import { missingServer, serverAvailable } from '../../servers/dns-server.js'
import { replyTo, type Script, type ScriptedDns, startScriptedDns } from '../../servers/scripted-dns.js'
import { freePort } from '../../servers/server-process.js'
import { type Fleet, fleetSpec, seenIn, startFleet } from './fleet.js'

const ZONES = 2
const ZONE = 'customer1.example'

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => test('name servers of zones', () => {}))
else
  describe('what name servers show is believed as far as they agree and answer for the zone', () => {
    let fleet: Fleet
    const scripted: ScriptedDns[] = []
    beforeAll(async () => {
      fleet = await startFleet({ zones: ZONES })
      expect(await fleet.run('apply', '--yes')).toMatchObject({ code: 0, stderr: '' })
    })
    afterAll(async () => {
      for (const server of scripted) server.close()
      await fleet.remove()
    })
    const another = async (script: Script): Promise<string> => {
      const server = await startScriptedDns(script)
      scripted.push(server)
      return `${server.host}:${server.port}`
    }
    const bind = (): string => `${fleet.server.host}:${fleet.server.port}`
    /** Plans the second zone, with these name servers; what its provider's API was asked, too. */
    const planWith = async (...servers: string[]): Promise<{ plan: Plan; calls: number }> => {
      const { host, port, key } = fleet.api
      await fleet.space.write('mailsync.yaml', fleetSpec({ host, port, key }, ZONES, servers))
      const before = fleet.calls()
      const plan = await fleet.plan('--zone', ZONE)
      return { plan, calls: fleet.calls() - before }
    }
    const soa =
      (serial: number): Script =>
      (query) =>
        replyTo(query, {
          answers: [
            {
              type: 'SOA',
              name: query.name,
              ttl: 3600,
              data: {
                mname: 'ns1.example',
                rname: 'host.example',
                serial,
                refresh: 1,
                retry: 1,
                expire: 1,
                minimum: 60,
              },
            },
          ],
        })

    test('one that has another version of the zone than the rest: the provider is asked', async () => {
      const behind = await another(soa(1))
      const { plan, calls } = await planWith(bind(), behind)
      expect([calls, plan.zones]).toEqual([1, []])
      expect(seenIn(plan)).toMatchObject({
        asWanted: 0,
        asked: [
          { why: 'unseen', message: expect.stringMatching(/^its name servers do not agree: .* has serial 2, .* 1$/) },
        ],
      })
    })

    test('one that is down: the others tell, and the plan says that it was silent', async () => {
      const down = `127.0.0.1:${await freePort()}`
      const { plan, calls } = await planWith(down, bind())
      expect(calls).toBe(0)
      expect(seenIn(plan)).toMatchObject({
        asWanted: 1,
        silent: [{ zones: 1, message: expect.stringContaining('cannot be reached: ECONNREFUSED') }],
      })
      expect((await fleet.run('plan', '--observe', 'dns', '--zone', ZONE)).stdout).toContain(
        'cannot be reached: ECONNREFUSED; 1 zone was seen at other name servers.',
      )
    })

    test('one that is down, with --serials: its serial is not known, so it is asked for each time, and named', async () => {
      const file = fleet.space.path('serials.json')
      await planWith(bind(), `127.0.0.1:${await freePort()}`)
      for (const _ of ['first', 'second'])
        expect(seenIn(await fleet.plan('--zone', ZONE, '--serials', file))).toMatchObject({
          asWanted: 1,
          unchanged: 0,
          silent: [{ zones: 1 }],
        })
    })

    test('one that is no authority, as a resolver or a cache whose TTLs count down, tells nothing', async () => {
      const cache = await another((query) => replyTo(query, { authoritative: false }))
      expect(seenIn((await planWith(cache, bind())).plan)).toMatchObject({ asWanted: 1, silent: [{ zones: 1 }] })
      const { plan, calls } = await planWith(cache)
      expect(calls).toBe(1)
      expect(seenIn(plan).asked).toMatchObject([{ message: expect.stringContaining(`is no authority for ${ZONE}.`) }])
    })

    test('one that says SERVFAIL, or nothing, to a question: nothing is taken for absent, the provider is asked', async () => {
      const failing = await another((query) => (query.type === 'SOA' ? soa(7)(query) : replyTo(query, { rcode: 2 })))
      const { plan, calls } = await planWith(failing)
      expect([calls, plan.zones]).toEqual([1, []])
      expect(seenIn(plan).asked).toMatchObject([
        { why: 'unseen', message: expect.stringContaining('answers SERVFAIL') },
      ])
    })

    test('one that lies: the provider is asked, and nothing is written that is as wanted there', async () => {
      const lying = await another((query) => (query.type === 'SOA' ? soa(7)(query) : replyTo(query, { rcode: 3 })))
      const { plan, calls } = await planWith(lying)
      expect([calls, plan.zones, plan.unchanged]).toEqual([1, [], 1])
      expect(seenIn(plan).asked).toMatchObject([{ why: 'differs', confirmed: false }])
      expect((await fleet.run('plan', '--observe', 'dns', '--zone', ZONE)).stdout).toContain(
        `1 zone is as wanted at the provider all the same: ${ZONE}. (`,
      )
    })

    test('one that cuts its answers short, over TCP too', async () => {
      const cutting = await another((query) =>
        query.type === 'SOA' ? soa(7)(query) : replyTo(query, { truncated: true }),
      )
      const { plan, calls } = await planWith(cutting)
      expect(calls).toBe(1)
      expect(seenIn(plan).asked).toMatchObject([{ why: 'unseen' }])
    })

    test('where nobody names them, the server of the provider itself is asked', async () => {
      const { host, port, key } = fleet.server
      const spec = fleetSpec({ host, port, key }, ZONES, []).replaceAll(', servers: []', '')
      await fleet.space.write('mailsync.yaml', spec)
      expect(seenIn(await fleet.plan())).toMatchObject({ asWanted: ZONES, asked: [] })
    })

    test('a zone at several providers: of one whose server nobody knows, DNS does not tell what it holds', async () => {
      const { host, port, key } = fleet.server
      await fleet.space.write('own.mjs', ownAdapter())
      const file = fleet.space.path('zones.json')
      await fleet.space.write('zones.json', JSON.stringify({ 'customer0.example.': [] }))
      const spec = fleetSpec({ host, port, key }, ZONES, [bind()])
        .replace('zones:\n', `  own: { class: ./own.mjs, file: ${JSON.stringify(file)} }\nzones:\n`)
        .replace('targets: [dns]', 'targets: [dns, own]')
      await fleet.space.write('mailsync.yaml', spec)
      const plan = await fleet.plan()
      expect(plan.zones).toMatchObject([{ zone: 'customer0.example.', provider: 'own' }])
      expect(seenIn(plan)).toMatchObject({
        asWanted: ZONES,
        asked: [
          {
            zone: 'customer0.example.',
            provider: 'own',
            why: 'unseen',
            message: 'several providers have it, and DNS does not tell whose records it shows',
          },
        ],
      })
    })
  })
