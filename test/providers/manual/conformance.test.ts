import { afterAll, beforeAll, describe, test } from 'vitest'
import { plugin } from '../../../providers/manual/index.js'
import type { Provider } from '../../../providers/provider.js'
import type { Name } from '../../../records/rr/name.js'
import type { RRType } from '../../../records/rr/rdata.js'
import { afterOf, beforeOf, type Change, keyOf, rdataTexts, subjectOf } from '../../../records/rr/rrset.js'
import type { Place } from '../../../records/rr/zone.js'
import { zoneWith } from '../../../records/rr/zone.js'
import type { PlannedChange } from '../../../src/plan/plan.js'
import { stepLines } from '../../../src/render/text/plan/steps-text.js'
import { zoneSteps } from '../../../src/steps/zone-steps.js'
import { certify } from '../../conformance/certify.js'
import { startBind } from '../../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable, serverVersion } from '../../servers/dns-server.js'
import { enter, printedEntries } from '../../steps/person.js'

const TTL_ALONE = 'no step is about a TTL alone: a panel has its own'

/** The adapter, and a person who at once enters what is printed. */
function withPerson(manual: Provider, server: DnsServer, places: Map<string, Place>): Provider {
  return {
    ...manual,
    read: (zone, signal) => manual.read(zone, signal, [...places.values()]),
    write: async (zone, changes, signal) => {
      for (const change of changes) places.set(keyOf(subjectOf(change)), subjectOf(change))
      const { byHand = [], ...result } = await manual.write(zone, changes, signal)
      await enter(server, zone, printedEntries(printed(zone, byHand)))
      return { ...result, applied: byHand }
    },
  }
}

function printed(zone: Name, changes: readonly Change[]): string {
  const made = { zone, provider: 'panel', changes: changes.map(planned), views: [] }
  return stepLines(zoneSteps(made, zoneWith(zone, [])), { colour: false, width: 80 }).join('\n')
}

function planned(change: Change): PlannedChange {
  const [before, after] = [beforeOf(change), afterOf(change)].map((rrset) => (rrset ? rdataTexts(rrset) : []))
  const edit = { purpose: 'host', before: before ?? [], after: after ?? [], adopts: false } as const
  return { ...change, edits: [edit], kept: 0, manifest: false } as PlannedChange
}

if (!serverAvailable('bind')) {
  describe.skip(missingServer('bind'), () => test('skipped', () => {}))
} else {
  describe('manual, with a person at BIND 9', () => {
    let server: DnsServer
    beforeAll(async () => {
      server = await startBind({ zoneSettings: 'check-integrity no;' })
    })
    afterAll(() => server?.stop())

    certify(
      { on: 'a person at BIND', kind: 'real server', version: serverVersion('bind') },
      {
        plugin,
        can: {
          putForeign: true,
          putLocked: 'DNS shows no lock of a panel',
          countWrites: 'a person enters one record after the other',
          check: true,
          loseReply: 'a person’s panel sends no reply',
          cutRead: 'every question has an answer of its own',
        },
        skip: { 'only the TTL changes': TTL_ALONE, 'only the TTL of two TXT values changes': TTL_ALONE },
        open: async (zone, seed) => {
          await server.addZone(zone, seed)
          const places = new Map<string, Place>(seed.map((rrset) => [keyOf(rrset), rrset]))
          const options = plugin.options({ servers: [`${server.host}:${server.port}`] })
          const manual = await plugin.connect(options, { directory: '/', zones: [zone] })
          return {
            provider: withPerson(manual, server, places),
            edit: async (rrsets) => {
              for (const rrset of rrsets) places.set(keyOf(rrset), rrset)
              await server.edit(rrsets)
            },
            putForeign: async (name) => {
              await server.nsupdate(`zone ${zone}\nupdate add ${name} 300 SSHFP 4 2 ${'ab'.repeat(32)}`)
              places.set(`${name} SSHFP`, { name, type: 'SSHFP' as RRType })
              return 'SSHFP'
            },
            close: async () => {},
          }
        },
      },
    )
  })
}
