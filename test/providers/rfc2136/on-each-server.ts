import { afterAll, beforeAll, describe, test } from 'vitest'
import { startBind } from '../../servers/bind.js'
import { type DnsServer, missingServer, type ServerKind, serverAvailable } from '../../servers/dns-server.js'
import { startKnot } from '../../servers/knot.js'
import { startPowerdns } from '../../servers/powerdns.js'

const STARTERS = {
  bind: { name: 'BIND 9', start: startBind },
  knot: { name: 'Knot DNS', start: startKnot },
  powerdns: { name: 'PowerDNS', start: startPowerdns },
} as const

/** Describes what holds on every server of these kinds, each started once for all of it. */
export function onEachServer(
  title: string,
  body: (server: () => DnsServer, kind: ServerKind) => void,
  kinds: readonly ServerKind[] = ['bind', 'knot', 'powerdns'],
): void {
  for (const kind of kinds) {
    if (!serverAvailable(kind)) {
      describe.skip(missingServer(kind), () => test(title, () => {}))
      continue
    }
    describe(`${title} (${STARTERS[kind].name})`, () => {
      let server: DnsServer | undefined
      beforeAll(async () => {
        server = await STARTERS[kind].start()
      })
      afterAll(() => server?.stop())
      body(() => server as DnsServer, kind)
    })
  }
}

let zones = 0

/** A zone name no other test has. */
export function freshZone(): string {
  return `zone${++zones}.example.`
}
