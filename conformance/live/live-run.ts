import type { Provider, ProviderPlugin, Reason } from '../../providers/provider.js'
import { MailsyncError } from '../../records/error.js'
import { joinName, type Name } from '../../records/rr/name.js'
import { storiesOf } from '../all-stories.js'
import { type ConformanceSubject, ZONE } from '../subject.js'
import { CLASSLESS, REVERSE, REVERSE6 } from '../transitions/transitions.js'
import type { AddressView } from './address-view.js'
import { asMailsyncError, bounded, within } from './bounded.js'
import { LiveZone } from './live-zone.js'
import { runLabel, valuesOf } from './whose.js'
import type { ZoneView } from './zone-view.js'

interface Connection {
  readonly plugin: ProviderPlugin
  readonly provider: Provider
}

export interface LiveSettings {
  /** Makes a connection of its own each time; the plugin may have learned from it. */
  connect(): Promise<Connection>
  /** Zones at the provider; at most one of each kind. */
  readonly zones: readonly Name[]
  /** The zones hold records of others: everything is tried below a label. */
  readonly besideOthers: boolean
  /** Leaves out the cases with hundreds of records. */
  readonly quick: boolean
  readonly skip: Readonly<Record<string, Reason>>
  /** Milliseconds that a call of the adapter may take. */
  readonly limit: number
  /** Eight characters of a to z and 0 to 9. */
  readonly random: string
  /** Aborts when the user stops the run; what was written is taken away all the same. */
  readonly signal: AbortSignal
}

/** The suite on an adapter at zones that somebody named. */
export interface LiveRun {
  readonly subject: ConformanceSubject
  readonly views: readonly ZoneView[]
  /** In place of zones, where it is an address owner. */
  readonly addresses?: AddressView
  /** What a killed run had left, and is cleared; keys. */
  readonly cleared: readonly string[]
  /** Why no further case may be run. */
  halted(): Reason | undefined
  /** Takes away everything that is left; gives what could not be, by zone. */
  end(): Promise<readonly Leftover[]>
}

export interface Leftover {
  readonly zone: Name
  /** Keys of sets; empty where the zone cannot even be read. */
  readonly left: readonly string[]
  readonly reason?: Reason
}

const BY_PROGRAM: readonly string[] = [
  'atomic',
  'per-rrset',
  'per-record',
] satisfies ProviderPlugin['traits']['write'][]
/** From so many sets on, a case is for nobody in a hurry. */
const MANY = 50
/** An adapter that hangs so often will not stop hanging. */
export const TIMEOUTS = 2
const NO_DOUBLE = 'at a real provider nobody can arrange it: it takes a test double'
export const WITHOUT_DOUBLE = {
  putForeign: NO_DOUBLE,
  putLocked: NO_DOUBLE,
  loseReply: NO_DOUBLE,
  cutRead: NO_DOUBLE,
  countWrites: NO_DOUBLE,
  check: NO_DOUBLE,
} as const

/** Looks at the zones and makes the subject. Throws `guard` where a zone is not empty, and what keeps it from reading one. */
export async function openLive(settings: LiveSettings): Promise<LiveRun> {
  const { zones, besideOthers, quick, skip, limit, random, signal } = settings
  let timeouts = 0
  const bounds = {
    limit,
    onTimeout: () => {
      timeouts += 1
    },
  }
  const connection = async (until: AbortSignal): Promise<Connection> => {
    const own = { ...bounds, signal: until }
    const { plugin, provider } = await within('connect', own, settings.connect)
    return { plugin, provider: bounded(provider, own) }
  }
  const connect = async (until: AbortSignal): Promise<Provider> => (await connection(until)).provider
  const views = zones.map((zone) => viewOf(zone, joinName(runLabel(random), zone), besideOthers))
  const twice = views.find((view, index) => views.findIndex((one) => one.zone === view.zone) < index)
  if (twice) throw new MailsyncError('usage', `${twice.at} is the second zone of its kind; one is enough`)

  const stays = new AbortController().signal
  const { plugin, provider: first } = await connection(signal)
  await first.close?.()
  if (!BY_PROGRAM.includes(plugin.traits.write))
    throw new MailsyncError('usage', `a person writes for the class ${plugin.type}, which is nothing to try by itself`)
  const check = first.check ? true : 'the adapter has no `check`'

  const subject: ConformanceSubject = {
    plugin,
    skip,
    can: { ...WITHOUT_DOUBLE, check },
    leaveOut: ({ zone = ZONE, rrsets }) => {
      if (!views.some((view) => view.zone === zone)) return `no zone of this kind is named: ${KINDS[zone]}`
      return quick && rrsets.length > MANY ? 'it takes hundreds of records, and --quick is given' : undefined
    },
    open: async (name, seed) => {
      const zone = live.find(({ view }) => view.zone === name) as LiveZone
      const provider = await connect(signal)
      return {
        provider: await zone.open(provider, seed),
        edit: (rrsets) => zone.edit(rrsets),
        close: () => zone.sweep(),
      }
    },
  }
  const isOfSuite = valuesOf(storiesOf(subject))
  const live = views.map(
    (view) =>
      new LiveZone({
        view,
        label: joinName(runLabel(random), view.at),
        isShared: besideOthers,
        canMark: plugin.traits.types.includes('TXT'),
        connect: () => connect(stays),
        isOfSuite,
      }),
  )
  const end = async (): Promise<readonly Leftover[]> => {
    const ends: Leftover[] = []
    for (const zone of live) ends.push({ zone: zone.view.at, ...(await zone.end()) })
    return ends.filter(({ left, reason }) => left.length > 0 || reason !== undefined)
  }
  const cleared: string[] = []
  for (const zone of live)
    try {
      cleared.push(...(await zone.begin()))
    } catch (error) {
      for (const begun of live.slice(0, live.indexOf(zone))) await begun.end()
      throw asMailsyncError(error)
    }
  return {
    subject,
    views,
    cleared,
    halted: () => {
      if (signal.aborted) return 'it was stopped'
      const damage = live.find((zone) => zone.damage !== undefined)?.damage
      return damage ?? (timeouts >= TIMEOUTS ? `the adapter did not answer ${TIMEOUTS} times` : undefined)
    },
    end,
  }
}

/** How to name a zone for each of the suite's. */
const KINDS: Readonly<Record<Name, string>> = {
  [ZONE]: '--zone test.example',
  [REVERSE]: '--zone 2.0.192.in-addr.arpa',
  [CLASSLESS]: '--zone 0/25.2.0.192.in-addr.arpa',
  [REVERSE6]: '--zone 8.b.d.0.1.0.0.2.ip6.arpa',
}

function suiteZoneOf(zone: Name): Name {
  if (zone.endsWith('.ip6.arpa.')) return REVERSE6
  if (!zone.endsWith('.in-addr.arpa.')) return ZONE
  return zone.split('.')[0]?.includes('/') ? CLASSLESS : REVERSE
}

/** A reverse zone of its own has the suite's names as they are: some providers take nothing but PTR at numbers there. */
function viewOf(at: Name, label: Name, besideOthers: boolean): ZoneView {
  const zone = suiteZoneOf(at)
  if (besideOthers) return { zone, at, apex: label, below: label }
  return { zone, at, apex: at, below: zone === ZONE ? label : at }
}
