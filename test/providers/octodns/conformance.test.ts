import { afterAll, beforeAll, describe, test } from 'vitest'
import { conformanceCases } from '../../../conformance/index.js'
import type { Provider } from '../../../providers/provider.js'
import { startBind } from '../../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable } from '../../servers/dns-server.js'
import { isOctodnsAvailable, missingOctodns } from '../../servers/octodns.js'
import { type Powerdns, startPowerdns } from '../../servers/powerdns.js'
import { connectTo, keptOpen, learnedFacts } from './connect-to.js'

const BORDERS = 'octoDNS joins the strings of a TXT value'
const JOINED = {
  'TXT values of several strings keep their borders': BORDERS,
  'TXT values with empty strings keep their borders': BORDERS,
  'TXT values that differ only in their borders keep their borders': BORDERS,
}

const onBind = {
  title: 'octodns-bind on BIND 9',
  kind: 'bind',
  start: () => startBind({ zoneSettings: 'check-integrity no;' }),
  connect: ({ host, port, key }: DnsServer) =>
    connectTo({
      class: 'octodns_bind.Rfc2136Provider',
      host,
      port,
      key_name: key.name,
      key_secret: key.secret,
      key_algorithm: key.algorithm,
    }),
  skip: {},
  rejects: JOINED,
} as const

const onPowerdns = {
  title: 'octodns-powerdns on PowerDNS',
  kind: 'powerdns',
  start: startPowerdns,
  connect: (server: DnsServer) => {
    const { api, host } = server as Powerdns
    return connectTo({ class: 'octodns_powerdns.PowerDnsProvider', host, port: api.port, api_key: api.key })
  },
  skip: {
    'TXT values that differ only in case are two values': 'PowerDNS takes them for one (its issue 6914)',
  },
  rejects: JOINED,
} as const

for (const { title, kind, start, connect, skip, rejects } of [onBind, onPowerdns]) {
  if (!serverAvailable(kind) || !isOctodnsAvailable) {
    const why = serverAvailable(kind) ? missingOctodns() : missingServer(kind)
    describe.skip(why, () => test('skipped', () => {}))
    continue
  }
  describe(title, () => {
    const plugin = learnedFacts()
    let server: DnsServer
    let provider: Provider
    beforeAll(async () => {
      server = await start()
      provider = plugin.learn(await connect(server))
    })
    afterAll(async () => {
      await provider?.close?.()
      await server?.stop()
    })

    const cases = conformanceCases({
      plugin,
      skip,
      rejects,
      can: {
        putForeign: true,
        loseReply: 'the fakes lose them (fakes.test.ts)',
        cutRead: 'the fakes cut them (fakes.test.ts)',
      },
      open: async (zone, seed) => {
        await server.addZone(zone, seed)
        return {
          provider: keptOpen(provider),
          edit: server.edit,
          putForeign: async (name) => {
            await server.nsupdate(`zone ${zone}\nupdate add ${name} 300 SRV 0 10 5060 sip.example.net.`)
            return 'SRV'
          },
          close: async () => {},
        }
      },
    })
    for (const { title: story, run } of cases) test(story, run)
  })
}
